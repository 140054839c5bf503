local kam = require "kam"

-- What is no frame goes to error, or is one.
local function reject(self, frame, why)
  if not self:isHeard "error" then error(why, 0) end
  self:send({ text = frame, error = why }, "error")
end

return kam.component "DeFramer" {
  summary = "Reads frames as tags and data.",
  doc = "Reads what Framer writes, a frame in each message, and sends lists { tag, data }; tags are "
    .. "text. A message that is no frame, or whose data is shorter or longer than it says, goes to "
    .. "error if that is linked; else it ends the component.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "frames", kind = "bytes" } },
  outboxes = {
    outbox = { "lists { tag, data }", kind = "table" },
    error = { "if linked: what is no frame, as { text =, error = }", kind = "table", optional = true },
  },
  example = [[
kam.Pipeline { kam.DataSource { "1 5\nhello" }, kam.DeFramer(), kam.ConsoleEchoer() }:run()
--> { "1", "hello" }
]],
  main = function(self)
    local n = 0
    for frame in self:messages() do
      n = n + 1
      local tag, length, from = frame:match "^(%S+) (%d+)\n()"
      if not tag then
        reject(self, frame, ("message %d is no frame: %s"):format(n, kam.show(frame:sub(1, 40))))
      elseif tonumber(length) ~= #frame - from + 1 then
        reject(self, frame, ("frame %d says %s bytes of data and has %d"):format(n, length, #frame - from + 1))
      else
        self:send { tag, frame:sub(from) }
      end
    end
  end,
}
