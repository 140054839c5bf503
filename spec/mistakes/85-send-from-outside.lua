-- send of a component from outside.
local kam = require "kam"
local c = kam.map(string.upper)
c:send("x")
--! exit 1
--! send works only inside main of its own component; from outside use a handle
--! mend: kam.handle(c)
--mend: local c = kam.map(string.upper) ==> local c <close> = kam.handle(kam.map(string.upper))
--mend: c:send("x") ==> c:put("x") print(c:get())
