-- A partner answers once, and a second answer is waited for.
local kam = require "kam"

local function ask(self)
  self:send "ping"
  self:recv()
  self:recv()
end

local function answer(self)
  for _ in self:messages() do
    self:send "pong"
    self:recv()
  end
end

kam.Graphline { ASK = kam.main(ask), ANSWER = kam.main(answer), linkages = { "ASK -> ANSWER -> ASK" } }:run()

--! 2 components are still waiting
--! waits for a message in inbox; only ANSWER feeds it
--! waits for a message in inbox; only ASK feeds it
--! exit 3
