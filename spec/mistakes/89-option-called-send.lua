-- An option with the name of a method.
local kam = require "kam"
local Shout = kam.component "Shout" {
  options = { send = { 1, "how many" } },
  main = function(self)
    for m in self:messages() do self:send(m) end
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 2
--! Shout cannot have an option called "send"
--mend: { send = ==> { sends =
