-- run called with a dot.
local kam = require "kam"
local p = kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }
p.run()
--! exit 1
--! run was called with "."
--mend: p.run ==> p:run
