-- if without then.
local kam = require "kam"
local p = kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }
if p
  p:run()
end
--! exit 2
--! the word then is missing
--mend: if p ==> if p then
