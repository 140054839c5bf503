-- Reading from an outbox.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    local m = self:recv "outbox"
    self:send(m)
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 1
--! outbox is an outbox of Shout: one sends to it; to read
--! self:recv "inbox"
--mend: recv "outbox" ==> recv "inbox"
