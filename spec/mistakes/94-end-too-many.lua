-- An end too many.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:run()
end
--! exit 2
--! this end closes nothing
--! mend: take it away
--mend: end ==>  
