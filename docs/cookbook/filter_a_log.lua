-- The lines of a log that have a text in them, into another file.
local kam = require "kam"

-- A log to try it on.
kam.Pipeline {
  kam.DataSource { "GET / 200", "GET /news 500", "GET /cat.jpg 404", "POST /login 500" },
  kam.FileWriter { "access.log", lines = true },
}:run()

-- With `lines` a FileReader sends lines without their ends, and a FileWriter puts the ends back.
-- With `atomic` nobody sees a half-written errors.log, and a failure leaves the old one as it was.
kam.Pipeline {
  kam.FileReader { "access.log", lines = true },
  kam.filter(function(line) return line:find(" 500", 1, true) end),
  kam.FileWriter { "errors.log", lines = true, atomic = true },
}:run()

kam.Pipeline { kam.FileReader { "errors.log", lines = true }, kam.ConsoleEchoer() }:run()
--> GET /news 500
--> POST /login 500
