-- Two that take two forks each, in different order.
local kam = require "kam"

local Fork = kam.component "Fork" {
  inboxes = { inbox = { "who wants it", open = true } },
  main = function(self)
    self:recv():reply "yours"
    local other = self:recv()
    self:recv()
    other:reply "yours"
  end,
}

local function eat(first, second)
  return kam.main(function(self)
    self:ask(first, "please")
    self:sleep(0.01)
    self:ask(second, "please")
  end)
end

kam.registerService("LEFT", Fork():activate())
kam.registerService("RIGHT", Fork():activate())
kam.Par { eat("LEFT", "RIGHT"), eat("RIGHT", "LEFT") }:run()

--! main (28-philosophers.lua:24) waits for an answer from RIGHT
--! main 2 (28-philosophers.lua:24) waits for an answer from LEFT
--! exit 3
