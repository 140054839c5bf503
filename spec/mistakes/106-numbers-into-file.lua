-- Messages of another kind than the receiver takes.
local kam = require "kam"
kam.Graphline {
  TICK = kam.PeriodicTick { 0.1, count = 2 }, FILE = kam.FileWriter "ticks.txt",
  linkages = { "TICK -> FILE" },
}:run()
--! exit 2
--! 106-numbers-into-file.lua:5
--! TICK (PeriodicTick).outbox sends numbers, FILE (FileWriter).inbox takes bytes or lines
--! mend: kam.Stringify() between them
--mend: FILE = kam ==> TEXT = kam.Stringify(), FILE = kam
--mend: TICK -> FILE ==> TICK -> TEXT -> FILE
