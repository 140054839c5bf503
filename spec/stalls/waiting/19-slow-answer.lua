-- An answer that takes its time.
local kam = require "kam"

local Slow = kam.component "Slow" {
  inboxes = { inbox = { "requests", open = true } },
  main = function(self)
    for request in self:messages() do
      self:sleep(0.05)
      request:reply(request.msg .. "!")
    end
  end,
}

kam.registerService("SLOW", Slow():activate())
kam.main(function(self) print(self:ask("SLOW", "hello")) end):run()

--> hello!
