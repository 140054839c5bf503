local kam = require "kam"

-- The message that stands escaped; first is what \s means.
local function unescaped(text, first)
  if not text:find("\\", 1, true) then return text end
  return (text:gsub("\\(.?)", function(c)
    if c == "s" then return first end
    if c == "e" then return "\\" end
    error(("\\%s is no escape of DataChunker"):format(c), 0)
  end))
end

-- The message behind a mark. The first byte of marks is never in one: if it is there, what was
-- taken for the mark began in the data before it, and the mark itself reaches further.
local function message(text, sync)
  local first = sync:sub(1, 1)
  if text:find(first, 1, true) then
    local whole, start = sync .. text, nil
    local from, to = whole:find(sync, 2, true)
    while from do
      start = to + 1
      from, to = whole:find(sync, from + 1, true)
    end
    if start then text = whole:sub(start) end
  end
  return unescaped(text, first)
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
    local sync = self.sync
    local overlap = #sync - 1 -- bytes of a mark that may have come without the rest
    local parts, size, tail, begun = {}, 0, "", false
    for box, msg in self:messagesAny() do
      if box == "inbox" then
        local text = tail .. msg
        local from, to = text:find(sync, 1, true)
        if from then
          local all, start = table.concat(parts) .. msg, 1
          from, to = from + #all - #text, to + #all - #text
          while from do
            if begun then self:send(message(all:sub(start, from - 1), sync)) end
            start, begun = to + 1, true
            from, to = all:find(sync, start, true)
          end
          msg, parts, size = all:sub(start), {}, 0
          text = msg
        end
        tail, size = text:sub(math.max(#text - overlap, 0) + 1), size + #msg
        if begun then parts[#parts + 1] = msg else parts = { tail } end
        if size > self.limit + #sync then
          error(("more than %d bytes (its option limit) without a sync"):format(self.limit), 0)
        end
      elseif begun then
        self:send(message(table.concat(parts), sync))
        parts, size, tail, begun = {}, 0, "", false
      end
    end
    if begun then self:send(message(table.concat(parts), sync)) end
  end,
}
