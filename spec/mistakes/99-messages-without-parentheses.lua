-- messages with a dot and without parentheses.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    for m in self.messages do self:send(m) end
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 1
--! Shout: messages was called with "."
--! mend: self:messages(…)
--mend: self.messages ==> self:messages()
