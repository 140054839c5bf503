local kam = require "kam"

return kam.component "Window" {
  summary = "Sends the last so many messages as a list, for each that comes.",
  doc = "The first list is sent when `size` messages have come; then one after every `step` messages, "
    .. "so that lists overlap if `step` is smaller than `size`, and messages between them are left out "
    .. "if it is larger. Messages that fill no list at the end are not sent.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = { "lists of `size` messages", kind = "table" } },
  options = {
    size = { type = "integer", "messages in a list", min = 1 },
    step = { 1, "messages from the start of one list to that of the next", min = 1 },
  },
  first = { "size", "step" },
  example = [[
kam.Pipeline { kam.Sequence { to = 4 }, kam.Window(3), kam.ConsoleEchoer() }:run()
--> { 1, 2, 3 }
--> { 2, 3, 4 }
]],
  main = function(self)
    local size, step, list, skip = self.size, self.step, {}, 0
    for msg in self:messages() do
      if skip > 0 then
        skip = skip - 1
      else
        list[#list + 1] = msg
        if #list == size then
          self:send(list)
          skip = math.max(step - size, 0)
          list = table.move(list, step + 1, size, 1, {})
        end
      end
    end
  end,
}
