-- One outbox to two inboxes in one link.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.ConsoleEchoer(), C = kam.NullSink(),
  linkages = { "A -> B, C" },
}:run()
--! exit 2
--! 06-two-receivers-one-link.lua:5
--! A
--! an outbox feeds one inbox
--! kam.Split
--mend: A = kam ==> COPY = kam.Split { "b", "c" }, A = kam
--mend: "A -> B, C" ==> "A -> COPY", "COPY.b -> B", "COPY.c -> C"
