-- A handle that is waited for from outside.
local kam = require "kam"

local handle = kam.handle(kam.Pipeline { kam.Delay(0.05) })
handle:put "hello"
print(handle:get())
handle:close()
kam.run()

--> hello
