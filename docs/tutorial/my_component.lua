-- Kamaelia's own example, nearly line by line, in a console pipeline.
local kam = require "kam"

local MyComponent = kam.component "MyComponent" {
  inboxes  = { inbox = "some data in", control = "stops the component" },
  outboxes = { outbox = "some data out", signal = "shutdown signal" },
  main = function(self)
    while not self:doShutdown() do
      if self:dataReady "inbox" then
        local data = self:recv "inbox"
        self:send(data, "outbox")
      end
      if not self:anyReady() then self:pause() end
    end
  end,
  doShutdown = function(self)
    if self:dataReady "control" then
      if kam.isShutdown(self:recv "control") then
        self:send(kam.producerFinished(), "signal")
        return true
      end
    end
    return false
  end,
}

kam.Pipeline {
  kam.ConsoleReader(),
  MyComponent(),
  kam.ConsoleEchoer(),
}:run()

--< hello
--< world
--> hello
--> world
