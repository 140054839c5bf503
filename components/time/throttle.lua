local kam = require "kam"

return kam.component "Throttle" {
  summary = "Sends on at most one message in so many seconds, and drops the others.",
  doc = "The first message is sent at once. Of those that come within `seconds` after one was sent, "
    .. "none is sent, or with `keep = \"last\"` the last of them, as soon as the time is over, or at the "
    .. "end. It never makes its sender wait for that time; a RateLimit does, and drops nothing.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "at most one message in `seconds`" },
  options = {
    seconds = { type = "number", "from one message to the next, at least", min = 0.001 },
    keep = { "first", "which one is sent", oneOf = { "first", "last" } },
  },
  first = "seconds",
  example = [[
kam.Pipeline { kam.DataSource { 1, 2, 3 }, kam.Throttle { 1, keep = "last" }, kam.ConsoleEchoer() }:run()
--> 1
--> 3
]],
  main = function(self)
    local open, kept = -math.huge, nil
    while true do
      local now = kam.now()
      if kept ~= nil and now >= open then
        self:send(kept)
        open, kept = now + self.seconds, nil
      end
      local msg, why = self:recv("inbox", kept ~= nil and open - now or nil)
      if msg == nil and why ~= "timeout" then break end
      if msg ~= nil then
        now = kam.now()
        if now >= open then
          self:send(msg)
          open, kept = now + self.seconds, nil
        elseif self.keep == "last" then
          kept = msg
        end
      end
    end
    if kept ~= nil then self:send(kept) end
  end,
}
