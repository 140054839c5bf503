-- A service that others ask by its name.
local kam = require "kam"

local Names = kam.component "Names" {
  inboxes = { inbox = { "requests: a number", open = true } },
  main = function(self)
    local names = { "one", "two", "three" }
    for request in self:messages() do
      request:reply(names[request.msg] or false)
    end
  end,
}

local Asker = kam.component "Asker" {
  main = function(self)
    for n in self:messages() do
      local name, why = self:ask("NAMES", n, 2)
      if name == nil then self:log("no answer:", why) else self:send(name) end
    end
  end,
}

kam.registerService("NAMES", Names():activate())
kam.Pipeline { kam.DataSource { 1, 2, 3 }, Asker(), kam.ConsoleEchoer() }:run()
