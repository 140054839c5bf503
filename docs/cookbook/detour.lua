-- Some messages take another way: TPipe leads them through a component at the side, With
-- lets several components talk to one partner, one after another.
local kam = require "kam"

local function is_link(word) return word:find "^https?:" ~= nil end

-- With `route` they go only there; what the side makes of them comes out among the rest.
kam.Pipeline {
  kam.DataSource { "see", "https://www.lua.org", "for", "more" },
  kam.TPipe {
    kam.map(function(link) return ("[%s]"):format(link:match "//www%.([^/]*)") end),
    condition = is_link, route = true,
  },
  kam.Sort(), -- what took the other way may come later
  kam.ConsoleEchoer(),
}:run()

-- A partner answers; first who we are is said, then what we want.
local function desk(self)
  local name
  for words in self:messages() do
    if not name then
      name = words
      self:send("good day, " .. name)
    else
      self:send(("%s for %s"):format(words, name))
    end
  end
end

local function says(words)
  return kam.main(function(self)
    self:send(words)
    print(self:recv())
  end)
end

kam.With { kam.main(desk), says "Ada", says "a ticket", says "a seat" }:run()

--> [lua.org]
--> for
--> more
--> see
--> good day, Ada
--> a ticket for Ada
--> a seat for Ada
