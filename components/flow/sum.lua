local kam = require "kam"

return kam.component "Sum" {
  summary = "Sends the sum of each list of numbers.",
  doc = "The sum of an empty list is 0. An item that is no number is an error that says which message "
    .. "and item it was. For the sum of all messages, put a Collate before it.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "lists of numbers", kind = "table" } },
  outboxes = { outbox = { "the sum of each", kind = "number" } },
  answers = true,
  example = [[
kam.Pipeline { kam.DataSource { { 1, 2, 3 }, {} }, kam.Sum(), kam.ConsoleEchoer() }:run()
--> 6
--> 0
]],
  main = function(self)
    local number = 0
    for list in self:messages() do
      number = number + 1
      local sum = 0
      for i = 1, #list do
        if type(list[i]) ~= "number" then
          error(("item %d of message %d is %s, not a number"):format(i, number, kam.show(list[i])), 0)
        end
        sum = sum + list[i]
      end
      self:send(sum)
    end
  end,
}
