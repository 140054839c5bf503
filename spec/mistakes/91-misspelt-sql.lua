-- A misspelt word of SQL.
local kam = require "kam"
kam.Pipeline { kam.DataSource { {} }, kam.SqliteQuery { ":memory:", sql = "selct 1" }, kam.ConsoleEchoer() }:run()
--! exit 1
--! SqliteQuery
--! selct
--mend: selct ==> select
