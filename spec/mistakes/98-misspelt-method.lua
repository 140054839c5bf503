-- A method is misspelt.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    for m in self:mesages() do self:send(m) end
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 1
--! Shout failed at
--! method 'mesages'
--! mend: self:messages(…)
--mend: mesages ==> messages
