local kam = require "kam"

return kam.component "PureTransformer" {
  summary = "Sends what a function gives for each message; nil drops it.",
  doc = "Kamaelia's rule for functions: nil means that there is nothing to send. kam.map does the same "
    .. "but takes nil for a `return` that was forgotten.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "what the function gives, but for nil" },
  options = { f = { type = "function", "f(message) gives what to send, or nil" } },
  example = [[
kam.Pipeline {
  kam.DataSource { "12", "x", "7" },
  kam.PureTransformer(function(text) return tonumber(text) end),
  kam.ConsoleEchoer(),
}:run()
--> 12
--> 7
]],
  main = function(self)
    local f = self.f
    for msg in self:messages() do
      local out = f(msg)
      if out ~= nil then self:send(out) end
    end
  end,
}
