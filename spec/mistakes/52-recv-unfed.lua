-- A component waits on a box that nobody feeds.
local kam = require "kam"
local Ask = kam.component "Ask" {
  main = function(self) self:send(self:recv() or "") end,
}
kam.Graphline {
  SRC = kam.OneShot "x", ASK = Ask(), OUT = kam.ConsoleEchoer(),
  linkages = { "ASK -> OUT", "SRC -> null" },
}:run()
--! exit 3
--! stalled
--! ASK
--! inbox
--! nothing was ever linked to it
--mend: SRC -> null ==> SRC -> ASK
