-- A file, copied at no more than so many bytes a second.
local kam = require "kam"

kam.Pipeline { kam.OneShot(("0123456789"):rep(1000)), kam.FileWriter "film.ts" }:run()

-- The reader is never more than a block ahead: while RateLimit waits, it waits too.
local before = kam.now()
kam.Pipeline {
  kam.FileReader { "film.ts", chunk = 1000 },
  kam.RateLimit { bytes = 20000 }, -- a second
  kam.FileWriter "copy.ts",
}:run()
print(kam.now() - before > 0.3 and "it took its time")
--> it took its time

kam.Pipeline { kam.FileReader "copy.ts", kam.UnixProcess { "wc", "-c" }, kam.ConsoleEchoer { eol = "" } }:run()
--> 10000
