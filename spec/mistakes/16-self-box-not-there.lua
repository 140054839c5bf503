-- A box of the graph itself that it does not have.
local kam = require "kam"
local ask = kam.Graphline {
  CHOOSER = kam.PassThrough(),
  linkages = { "self.nxt -> CHOOSER", "CHOOSER -> self" },
}
kam.Pipeline { kam.OneShot "x", ask, kam.ConsoleEchoer() }:run()
--! exit 2
--! this Graphline has no inbox "nxt"; it has: control, inbox
--! inboxes = { "nxt" }
--mend: self.nxt ==> self
