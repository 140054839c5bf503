-- Getting from an inbox of a handle.
local kam = require "kam"
local h <close> = kam.handle(kam.map(string.upper))
h:put "x"
print(h:get "inbox")
--! exit 1
--! the component has no outbox "inbox" to get from
--mend: h:get "inbox" ==> h:get()
