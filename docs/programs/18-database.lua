-- Asks a database once for each message: a list of rows comes back.
local kam = require "kam"

kam.Pipeline {
  kam.DataSource { { "2026-11-23" }, { "2026-11-24" } },
  kam.SqliteQuery { "news.db", sql = "select id, title from news where day = ?" },
  kam.each(function(rows)
    for _, row in ipairs(rows) do print(row.id, row.title) end
  end),
}:run()
