local kam = require "kam"

-- The message that stands escaped; first is what \s means.
local function unescaped(text, first)
  return (text:gsub("\\(.?)", function(c)
    if c == "s" then return first end
    if c == "e" then return "\\" end
    error(("\\%s is no escape of DataChunker"):format(c), 0)
  end))
end

return kam.component "DataDeChunker" {
  summary = "Finds the messages that DataChunker marked in a stream of bytes.",
  doc = "The bytes come in any cut. What stands before the first `sync` is dropped: it is the rest of "
    .. "a message that began earlier. A message is sent when the next one begins, at the end, or when "
    .. "anything comes to flush. More than `limit` bytes without a `sync` are an error, as is an "
    .. "escape that DataChunker does not write.",
  ends = "When its inboxes have ended, after the last message.",
  inboxes = {
    inbox = { "bytes, in any cut", kind = "bytes" },
    flush = { "anything: the message that is held is whole", optional = true },
  },
  outboxes = { outbox = { "the messages", kind = "bytes" } },
  options = {
    sync = { "XXXXXXXXXXXXXXXXXXXXXXXX", "the word that marks a beginning" },
    limit = { 16777216, "bytes between two marks; more are an error", min = 1 },
  },
  first = "sync",
  init = function(self)
    if self.sync == "" or self.sync:find "^[se\\]" then
      error(("DataDeChunker needs a sync that begins with none of s, e and \\, got %s")
        :format(kam.show(self.sync)), 3)
    end
  end,
  example = [[
kam.Pipeline { kam.DataSource { "st##on", "e##\\s2" }, kam.DataDeChunker "##", kam.Collate(),
  kam.ConsoleEchoer() }:run()
--> { "one", "#2" }
]],
  main = function(self)
    local sync, held, begun = self.sync, "", false
    local first = sync:sub(1, 1)
    for box, msg in self:messagesAny() do
      if box == "inbox" then
        local seen = math.max(#held - #sync + 2, 1)
        held = held .. msg
        local from, to = held:find(sync, seen, true)
        while from do
          if begun then self:send(unescaped(held:sub(1, from - 1), first)) end
          held, begun = held:sub(to + 1), true
          from, to = held:find(sync, 1, true)
        end
        if #held > self.limit + #sync then
          error(("more than %d bytes (its option limit) without a sync"):format(self.limit), 0)
        end
      elseif begun then
        self:send(unescaped(held, first))
        held, begun = "", false
      end
    end
    if begun then self:send(unescaped(held, first)) end
  end,
}
