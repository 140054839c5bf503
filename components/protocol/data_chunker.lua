local kam = require "kam"

return kam.component "DataChunker" {
  summary = "Marks where each message begins in a stream of bytes.",
  doc = "Each message leaves behind the word `sync`. Its bytes are escaped, so that the word's first "
    .. "byte is never in them: that byte becomes \\s, and \\ becomes \\e. DataDeChunker finds the "
    .. "messages again, even if it begins in the middle of the stream.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "messages of bytes", kind = "bytes" } },
  outboxes = { outbox = { "the same behind marks", kind = "bytes" } },
  options = { sync = { "XXXXXXXXXXXXXXXXXXXXXXXX", "the word that marks a beginning" } },
  answers = true,
  init = function(self)
    if self.sync == "" or self.sync:find "^[se\\]" then
      error(("it needs a sync that begins with none of s, e and \\, got %s")
        :format(kam.show(self.sync)), 0)
    end
  end,
  example = [[
kam.Pipeline { kam.DataSource { "one", "#2" }, kam.DataChunker "##", kam.ConsoleEchoer() }:run()
--> ##one
--> ##\s2
]],
  main = function(self)
    local sync = self.sync
    local escapes = { ["\\"] = "\\e", [sync:sub(1, 1)] = "\\s" }
    for bytes in self:messages() do self:send(sync .. bytes:gsub(".", escapes)) end
  end,
}
