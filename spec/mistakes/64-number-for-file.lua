-- Tables sent to a FileWriter.
local kam = require "kam"
kam.Pipeline { kam.DataSource { { 1, 2 } }, kam.FileWriter "out.txt" }:run()
--! exit 1
--! FileWriter
--! DataSource
--mend: kam.FileWriter ==> kam.JSONEncode(), kam.FileWriter
