-- Two that wait for each other's first message.
local kam = require "kam"

kam.Graphline {
  ASK   = kam.PassThrough(),
  REPLY = kam.PassThrough(),
  linkages = { "ASK -> REPLY -> ASK" },
}:run()

--! stalled: nothing can move, and 2 components are still waiting (exit 3)
--! waits for a message in inbox; only REPLY feeds it
--! waits for a message in inbox; only ASK feeds it
--! neither has been told to end: send kam.shutdownMicroprocess() to one's control, or feed it from outside
--! exit 3
