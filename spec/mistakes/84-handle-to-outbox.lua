-- Putting into an outbox of a handle.
local kam = require "kam"
local h <close> = kam.handle(kam.map(string.upper))
h:put("x", "outbox")
print(h:get())
--! exit 1
--! the component has no inbox "outbox" to put into
--mend: ("x", "outbox") ==> "x"
