-- A field of a declaration is misspelt.
local kam = require "kam"
local Shout = kam.component "Shout" {
  inboxs = { inbox = "texts" },
  main = function(self)
    for m in self:messages() do self:send(m) end
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 2
--! a declaration has no field "inboxs"; did you mean "inboxes"? (component Shout)
--! mend: inboxes
--mend: inboxs ==> inboxes
