-- A Pipeline is a component too: it can stand in another one.
local kam = require "kam"
local Shout = require "shout"

local function Polite()
  return kam.Pipeline {
    kam.map(function(text) return text .. ", please" end),
    Shout(),
  }
end

kam.Pipeline {
  kam.DataSource { "tea", "milk" },
  Polite(),
  kam.ConsoleEchoer(),
}:run()

--> TEA, PLEASE!
--> MILK, PLEASE!
