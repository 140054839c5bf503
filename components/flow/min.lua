local kam = require "kam"

return kam.component "Min" {
  summary = "Sends the smallest item of each list.",
  doc = "The items are numbers, or strings, which are compared as Lua does. An empty list, a list of "
    .. "both or a message that is no list is an error that says which message it was. For the "
    .. "smallest of all messages, put a Collate before it.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "lists", kind = "table" } },
  outboxes = { outbox = "the smallest item of each" },
  answers = true,
  example = [[
kam.Pipeline { kam.DataSource { 3, 1, 2 }, kam.Collate(), kam.Min(), kam.ConsoleEchoer() }:run()
--> 1
]],
  main = function(self)
    local number = 0
    for list in self:messages() do
      number = number + 1
      local best = list[1]
      if best == nil then error(("message %d has no items: it has no smallest"):format(number), 0) end
      for i = 2, #list do
        local item = list[i]
        if type(item) ~= type(best) then
          error(("message %d holds a %s and a %s, which cannot be compared"):format(number,
            type(best), type(item)), 0)
        end
        if item < best then best = item end
      end
      self:send(best)
    end
  end,
}
