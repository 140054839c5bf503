-- A gate that nobody opens.
local kam = require "kam"

kam.Graphline {
  SRC = kam.DataSource { 1, 2 }, GATE = kam.PromptedTurnstile(), OUT = kam.ConsoleEchoer(),
  linkages = { "SRC -> GATE -> OUT" },
}:run()

--! GATE (10-gate.lua:5) waits for a message in next, and nothing was ever linked to it
--! to feed it: ["… -> GATE.next"]
--! waits for a message in inbox; only GATE feeds it
--! exit 3
