-- The lines of a file that have a text in them, into another one.
local kam = require "kam"

local text = arg[2]
kam.Pipeline {
  kam.FileReader { arg[1], lines = true },
  kam.filter(function(line) return line:find(text, 1, true) end),
  kam.FileWriter { arg[3], lines = true },
}:run()
