-- run() inside a component.
local kam = require "kam"
local Outer = kam.component "Outer" {
  main = function(self)
    local c = kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }
    c:run()
  end,
}
Outer():run()
--! exit 1
--! the system is already running; add the component to it
--! self:addChildren(c)
--mend: c:run() ==> self:addChildren(c)
