-- else if for elseif.
local kam = require "kam"
local n = 1
if n == 2 then n = 3
else if n == 1 then n = 4
end
kam.Pipeline { kam.OneShot(n), kam.ConsoleEchoer() }:run()
--! exit 2
--! else if begins another if, which needs an end of its own
--! mend: elseif n == 1 then n = 4
--mend: else if ==> elseif
