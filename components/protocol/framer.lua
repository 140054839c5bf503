local kam = require "kam"

return kam.component "Framer" {
  summary = "Writes a tag and data as one frame.",
  doc = "A message is a list { tag, data }; it becomes the text \"TAG LENGTH\", an end of line, and the "
    .. "data. A tag is a number or a text without spaces, not empty. DeFramer reads frames again; "
    .. "DataChunker marks where they begin in a stream.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "lists { tag, data }", kind = "table" } },
  outboxes = { outbox = { "frames", kind = "bytes" } },
  answers = true,
  example = [[
kam.Pipeline { kam.DataSource { { 1, "hello" } }, kam.Framer(), kam.ConsoleEchoer() }:run()
--> 1 5
--> hello
]],
  main = function(self)
    for msg in self:messages() do
      local tag, data = msg[1], msg[2]
      if type(tag) == "number" then tag = tostring(tag) end
      if type(tag) ~= "string" or tag == "" or tag:find "%s" then
        error(("%s is no tag: a tag is a number or a text without spaces"):format(kam.show(msg[1])), 0)
      end
      if type(data) ~= "string" then
        error(("the data of frame %s is %s, not a string"):format(tag, kam.show(data)), 0)
      end
      self:send(("%s %d\n"):format(tag, #data) .. data)
    end
  end,
}
