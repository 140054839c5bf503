local kam = require "kam"

return kam.component "Fold" {
  summary = "Joins all messages into one value by a function, sent at the end.",
  doc = "The function gets the value so far and a message, and gives the next value. It begins with "
    .. "`from`, or, without it, with the first message. With `each`, the value is sent after every "
    .. "message, and not again at the end. If there is neither `from` nor a message, nothing is sent. "
    .. "A function that gives nil is an error.",
  ends = "When its inbox has ended, after it has sent the value.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the value" },
  options = {
    f = { type = "function", "f(value, message) gives the next value" },
    from = { type = "any", "the value to begin with", optional = true },
    each = { false, "send the value after every message" },
  },
  first = "f",
  example = [[
kam.Pipeline { kam.DataSource { 3, 9, 4 }, kam.Fold(math.max), kam.ConsoleEchoer() }:run()
--> 9
]],
  main = function(self)
    local value, number = self.from, 0
    for msg in self:messages() do
      number = number + 1
      if value == nil then value = msg else value = self.f(value, msg) end
      if value == nil then
        error(("its function gave nothing for message %d; return forgotten?"):format(number), 0)
      end
      if self.each then self:send(value) end
    end
    if value ~= nil and not self.each then self:send(value) end
  end,
}
