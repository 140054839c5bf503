-- Copies a file at no more than 64 KiB a second.
--
--     kam 06-copy.lua from to
local kam = require "kam"

kam.Pipeline {
  kam.FileReader { arg[1], chunk = 16 * 1024 },
  kam.RateLimit { bytes = 64 * 1024 }, -- a second
  kam.FileWriter(arg[2]),
}:run()
