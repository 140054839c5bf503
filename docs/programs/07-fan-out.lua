-- Copies a log to another file, and shows it.
local kam = require "kam"

kam.Graphline {
  SRC  = kam.FileReader { "access.log", lines = true },
  COPY = kam.Split { "log", "screen" },
  LOG  = kam.FileWriter { "copy.log", lines = true },
  SHOW = kam.ConsoleEchoer(),
  linkages = { "SRC -> COPY", "COPY.log -> LOG", "COPY.screen -> SHOW" },
}:run()
