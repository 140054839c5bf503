local kam = require "kam"

return kam.component "Debounce" {
  summary = "Sends on a message only after it has been quiet for a while.",
  doc = "When messages come closer together than `seconds`, only the last of them is sent, `seconds` "
    .. "after it came: one message for a burst of key strokes or file changes. What waits at the end is "
    .. "sent at once.",
  ends = "When its inbox has ended, after it has sent what waits.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the last message of each burst" },
  options = { seconds = { type = "number", "how long it must be quiet", min = 0.001 } },
  example = [[
local function type_fast(self)
  for _, text in ipairs { "k", "ka", "kam" } do
    self:send(text)
    self:sleep(0.02)
  end
end

kam.Pipeline { kam.main(type_fast), kam.Debounce(0.2), kam.ConsoleEchoer() }:run()
--> kam
]],
  main = function(self)
    local msg = self:recv()
    while msg ~= nil do
      local newer, why = self:recv("inbox", self.seconds)
      if newer == nil then
        self:send(msg)
        if why ~= "timeout" then return end
        newer = self:recv()
      end
      msg = newer
    end
  end,
}
