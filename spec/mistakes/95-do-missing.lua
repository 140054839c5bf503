-- while without do.
local kam = require "kam"
local n = 0
while n < 3
  n = n + 1
end
kam.Pipeline { kam.OneShot(n), kam.ConsoleEchoer() }:run()
--! exit 2
--! the word do is missing
--! mend: while n < 3 do
--mend: n < 3 ==> n < 3 do
