local kam = require "kam"

-- What has waited no longer than this was not idle: it was only woken late.
local SLACK = 0.01

return kam.component "RateLimit" {
  summary = "Sends on what it receives at no more than a given rate.",
  doc = "The limit is `bytes` a second, `messages` a second, or both. Messages are passed on whole: a "
    .. "long one goes at once, and the next waits for as long as it would have taken; put a Chunker "
    .. "before it to smooth that. After a pause nothing is made up for, unless `burst` says how many "
    .. "bytes (or messages, if only they are limited) may go at once. Over a long time the rate is "
    .. "exact: being woken late is made up for. While it waits its sender waits, too. With `bytes`, a "
    .. "message that is no string is an error.",
  ends = "When its inbox has ended, after the last message.",
  inboxes = { inbox = "anything; with `bytes`, strings" },
  outboxes = { outbox = "the same" },
  options = {
    bytes = { type = "number", "bytes a second", min = 1e-9, optional = true },
    messages = {
      type = "number", "messages a second", min = 1e-9, optional = true, as = "perSecond",
    },
    burst = { type = "number", default = 0, doc = "what may go at once after a pause", min = 0 },
  },
  first = {},
  init = function(self)
    if not self.bytes and not self.perSecond then
      error("it needs a rate: RateLimit { bytes = 65536 } or RateLimit { messages = 10 }", 0)
    end
  end,
  example = [[
local start = kam.now()
local function seconds(text) return ("%s at %.1f s"):format(text, kam.now() - start) end

kam.Pipeline {
  kam.DataSource { "a", "b", "c" }, kam.RateLimit { messages = 10 }, kam.map(seconds),
  kam.ConsoleEchoer(),
}:run()
--> a at 0.0 s
--> b at 0.1 s
--> c at 0.2 s
]],
  main = function(self)
    local after_bytes, after_messages = -math.huge, -math.huge
    local n, before = 0, -math.huge
    for msg in self:messages() do
      n = n + 1
      local bytes, messages, now = self.bytes, self.perSecond, kam.now() -- they may be set anew
      local credit = self.burst / (bytes or messages)
      if now - before > SLACK then
        after_bytes = math.max(after_bytes, now - credit)
        after_messages = math.max(after_messages, now - credit)
      end
      if bytes and type(msg) ~= "string" then
        error(("message %d is no string, so it has no bytes to count: %s"):format(n, kam.show(msg)), 0)
      end
      local due = math.max(bytes and after_bytes or -math.huge, messages and after_messages or -math.huge)
      if due > now then self:sleep(due - now) end
      bytes, messages = self.bytes, self.perSecond
      if bytes then after_bytes = math.max(after_bytes, due - credit) + #msg / bytes end
      if messages then after_messages = math.max(after_messages, due - credit) + 1 / messages end
      before = kam.now()
      self:send(msg)
    end
  end,
}
