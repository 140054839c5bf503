-- A method called with a dot.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    for m in self:messages() do
      self.send(m)
    end
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 1
--! send was called with "."
--! mend: self:send(…)
--mend: self.send ==> self:send
