-- A program is waited for, and nothing else runs meanwhile.
local kam = require "kam"
kam.Graphline {
  BUILD = kam.main(function() os.execute "sleep 2" end),
  TICK = kam.PeriodicTick { 0.1, count = 2 }, OUT = kam.ConsoleEchoer(),
  linkages = { "TICK -> OUT" },
}:run()
--! exit 1
--! within 10
--! 108-waiting-for-a-program.lua:4
--! BUILD holds up the whole system in os.execute; that waiting is a component's work
--! mend: kam.UnixProcess
--mend: kam.main(function() os.execute "sleep 2" end) ==> kam.UnixProcess { "sleep", "0.5" }
