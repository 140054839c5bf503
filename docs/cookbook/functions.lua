-- Functions as components: a source, a filter, two maps and a sink.
local kam = require "kam"

local longest = ""

kam.Pipeline {
  kam.source(io.lines()),
  kam.filter(function(line) return line:find "%S" end),
  kam.map(function(line) return (line:gsub("^%s+", "")) end),
  kam.map(string.lower),
  kam.each(function(line) if #line > #longest then longest = line end end),
}:run()

print("the longest line: " .. longest)

--<   Humpty Dumpty sat on a wall
--<
--< Humpty Dumpty had a great fall
--> the longest line: humpty dumpty had a great fall
