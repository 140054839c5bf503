local kam = require "kam"

return kam.component "Batch" {
  summary = "Sends messages in lists of up to so many.",
  doc = "A list is sent when it holds `size` messages, or `seconds` after its first one came, "
    .. "whichever is first, and at the end. There are no empty lists.",
  ends = "When its inbox has ended, after it has sent what is left.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = { "lists", kind = "table" } },
  options = {
    size = { 100, "at most so many messages in a list", min = 1 },
    seconds = { type = "number", "send a list that has waited so long", min = 0.001, optional = true },
  },
  first = "size",
  example = [[
kam.Pipeline { kam.Sequence { to = 5 }, kam.Batch(2), kam.ConsoleEchoer() }:run()
--> { 1, 2 }
--> { 3, 4 }
--> { 5 }
]],
  main = function(self)
    local list, due = {}, nil
    while true do
      local msg, why = self:recv("inbox", due and math.max(due - kam.now(), 0))
      if msg ~= nil then
        list[#list + 1] = msg
        if self.seconds and #list == 1 then due = kam.now() + self.seconds end
      end
      if #list >= self.size or msg == nil and #list > 0 then
        self:send(list)
        list, due = {}, nil
      end
      if msg == nil and why ~= "timeout" then return end
    end
  end,
}
