-- How far long work is: Progress passes everything on, and on a terminal keeps one line up
-- to date with bytes, speed and, if the size is known, per cent.
local kam = require "kam"

kam.Pipeline {
  kam.Sequence { to = 20000 }, kam.Stringify(), kam.FileWriter { "numbers.txt", lines = true },
}:run()

local file <close> = assert(io.open "numbers.txt")
local size = file:seek "end"

kam.Pipeline {
  kam.FileReader "numbers.txt",
  kam.Progress { "numbers", bytes = size },
  kam.RateLimit { bytes = 1e6, burst = 20000 },
  kam.GzipCompress(),
  kam.FileWriter { "numbers.txt.gz", atomic = true },
}:run()
print(size .. " bytes")

--> 108894 bytes
