-- A Pipeline that begins with one who needs to be fed.
local kam = require "kam"

kam.Pipeline { kam.map(string.upper), kam.ConsoleEchoer() }:run()

--! 2 components are still waiting
--! map (07-pipeline-without-a-source.lua:4) waits for a message in inbox, and nothing was ever linked to it
--! to feed it: ["… -> Pipeline"]
--! ConsoleEchoer (07-pipeline-without-a-source.lua:4) waits for a message in inbox; only map feeds it
--! exit 3
