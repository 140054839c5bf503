-- A wait with a time-out in a box that nobody feeds.
local kam = require "kam"

kam.main(function(self) print(self:recv("inbox", 0.05)) end):run()

--> nil	timeout
