-- The kind of a component as a child.
local kam = require "kam"
local Outer = kam.component "Outer" {
  main = function(self) self:addChildren(kam.Sequence) end,
}
Outer():run()
--! exit 1
--! Outer: a component is needed here, got a function
--! made into a component by calling it
--mend: addChildren(kam.Sequence) ==> addChildren(kam.Pipeline { kam.OneShot(1), kam.NullSink() })
