-- Broken on purpose: mend it from its error alone.
local kam = require "kam"

local function rally(self)
  for ball in self:messages() do
    print(self, ball)
    if ball == 4 then return end
    self:send(ball + 1)
  end
end

kam.Graphline {
  PING = kam.main(rally),
  PONG = kam.main(rally),
  linkages = { "PING -> PONG", "PONG -> PING" },
}:run()

--! exit 3
--! waits for a message in inbox; only PONG feeds it
