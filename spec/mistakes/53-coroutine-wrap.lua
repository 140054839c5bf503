-- Sending in a coroutine of one's own.
local kam = require "kam"
local Count = kam.component "Count3" {
  main = function(self)
    local step = coroutine.wrap(function()
      for i = 1, 3 do self:send(i) end
    end)
    step()
  end,
}
kam.Pipeline { Count(), kam.ConsoleEchoer() }:run()
--! exit 1
--! send was called in a coroutine of your own, where it cannot wait
--! for v in coroutine.wrap(f) do self:send(v) end
--mend: self:send(i) ==> coroutine.yield(i)
--mend:     step() ==>     for v in step do self:send(v) end
