-- A state machine: the state is the place in the program. The helper waits, and
-- goes on with the messages where the last wait left them.
local kam = require "kam"

local Turnstile = kam.component "Turnstile" {
  summary = "Locked until a coin comes; a push locks it again.",
  inboxes = { inbox = '"coin" or "push"' },
  main = function(self)
    local function expect(wanted)
      for event in self:messages() do
        if event == wanted then return true end
        self:send("not now: " .. event)
      end
      return false
    end
    while expect "coin" do
      self:send "unlocked"
      if not expect "push" then break end
      self:send "locked"
    end
  end,
}

kam.Pipeline {
  kam.DataSource { "push", "coin", "coin", "push", "coin" },
  Turnstile(),
  kam.ConsoleEchoer(),
}:run()

--> not now: push
--> unlocked
--> not now: coin
--> locked
--> unlocked
