local kam = require "kam"

return kam.component "DeFramer" {
  summary = "Reads frames as tags and data.",
  doc = "Reads what Framer writes, a frame in each message, and sends lists { tag, data }; tags are "
    .. "text. A message that is no frame, or whose data is shorter or longer than it says, is an "
    .. "error.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "frames", kind = "bytes" } },
  outboxes = { outbox = { "lists { tag, data }", kind = "table" } },
  answers = true,
  example = [[
kam.Pipeline { kam.DataSource { "1 5\nhello" }, kam.DeFramer(), kam.ConsoleEchoer() }:run()
--> { "1", "hello" }
]],
  main = function(self)
    local n = 0
    for frame in self:messages() do
      n = n + 1
      local tag, length, from = frame:match "^(%S+) (%d+)\n()"
      if not tag then error(("message %d is no frame: %s"):format(n, kam.show(frame:sub(1, 40))), 0) end
      local data = frame:sub(from)
      if tonumber(length) ~= #data then
        error(("frame %d says %s bytes of data and has %d"):format(n, length, #data), 0)
      end
      self:send { tag, data }
    end
  end,
}
