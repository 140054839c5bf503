-- A part is stuck; the rest has done its work and has ended.
local kam = require "kam"

kam.Graphline {
  SRC = kam.DataSource { "one", "two" }, OUT = kam.ConsoleEchoer(),
  ASK = kam.PassThrough(), REPLY = kam.PassThrough(),
  linkages = { "SRC -> OUT", "ASK -> REPLY -> ASK" },
}:run()

--> one
--> two
--! 2 components are still waiting
--! ASK (23-only-a-part.lua:6) waits for a message in inbox; only REPLY feeds it
--! exit 3
