-- Shows the longer words of a file in capitals: no component is declared.
local kam = require "kam"

kam.Pipeline {
  kam.source(io.lines "words.txt"),
  kam.map(string.upper),
  kam.filter(function(w) return #w > 3 end),
  kam.each(print),
}:run()
