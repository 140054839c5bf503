-- An option declared by its mere default.
local kam = require "kam"
local Shout = kam.component "Shout" {
  options = { marks = 1 },
  main = function(self)
    for m in self:messages() do self:send(m .. ("!"):rep(self.marks)) end
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 2
--! marks
--! must be a table
--! marks = { 1,
--mend: marks = 1 ==> marks = { 1, "exclamation marks" }
