-- gsub gives two values.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    for m in self:messages() do self:send(m:gsub("x", "y")) end
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 1
--! the box must be a string, got the number 1
--! keep the first
--mend: m:gsub("x", "y") ==> (m:gsub("x", "y"))
