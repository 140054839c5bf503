-- One outbox linked to two inboxes.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.ConsoleEchoer(), C = kam.FileWriter "out.txt",
  linkages = { "A -> B", "A -> C" },
}:run()
--! exit 2
--! 05-two-receivers.lua:5
--! A.outbox already goes to B; an outbox feeds one inbox
--! COPY = kam.Split { "b", "c" }, "A -> COPY", "COPY.b -> B", "COPY.c -> C"
--mend: A = kam ==> COPY = kam.Split { "b", "c" }, A = kam
--mend: "A -> B", "A -> C" ==> "A -> COPY", "COPY.b -> B", "COPY.c -> C"
