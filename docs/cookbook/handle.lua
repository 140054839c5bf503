-- A system used from ordinary code, also from plain lua5.4: put messages in, get
-- messages out. It moves only inside these calls.
local kam = require "kam"

local h <close> = kam.handle(kam.Pipeline {
  kam.filter(function(line) return line:find "Cat" end),
  kam.map(string.upper),
})

h:put "Sun at last."
h:put "Cat rescued."
print(h:get())

h:put "Cat thanks fire brigade."
h:finish()
for headline in h:messages() do print(headline) end

--> CAT RESCUED.
--> CAT THANKS FIRE BRIGADE.
