-- The outbox of a send is misspelt.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    for m in self:messages() do self:send(m, "outbxo") end
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 1
--! Shout has no outbox "outbxo"; did you mean "outbox"?
--mend: outbxo ==> outbox
