local kam = require "kam"

-- The message that stands escaped; first is what \s means. Or nil and what is no escape.
local function unescaped(text, first)
  if not text:find("\\", 1, true) then return text end
  local wrong
  text = text:gsub("\\(.?)", function(c)
    if c == "s" then return first end
    if c == "e" then return "\\" end
    wrong = wrong or ("\\%s is no escape of DataChunker"):format(c)
  end)
  return not wrong and text or nil, wrong
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

-- Sends the message behind a mark; one that cannot be had goes to error, or is one.
local function send(self, text)
  local whole, why = message(text, self.sync)
  if whole then
    self:send(whole)
  elseif self:isHeard "error" then
    self:send({ text = text, error = why }, "error")
  else
    error(why, 0)
  end
end

return kam.component "DataDeChunker" {
  summary = "Finds the messages that DataChunker marked in a stream of bytes.",
  doc = "The bytes come in any cut. What stands before the first `sync` is dropped: it is the rest of "
    .. "a message that began earlier. A message is sent when the next one begins, at the end, or when "
    .. "anything comes to flush; with `packets`, at the end of what came. More than `limit` bytes without a "
    .. "`sync` are an error. A message with an escape that DataChunker does not write goes to error if that "
    .. "is linked; else it ends the component.",
  ends = "When its inboxes have ended, after the last message.",
  inboxes = {
    inbox = { "bytes, in any cut", kind = "bytes" },
    flush = { "anything: the message that is held is whole", optional = true },
  },
  outboxes = {
    outbox = { "the messages", kind = "bytes" },
    error = { "if linked: messages with a wrong escape, as { text =, error = }", kind = "table", optional = true },
  },
  options = {
    sync = { "XXXXXXXXXXXXXXXXXXXXXXXX", "the word that marks a beginning" },
    packets = { false, "what comes at once is whole, as datagrams are" },
    limit = { 16777216, "bytes between two marks; more are an error", min = 1 },
  },
  first = "sync",
  init = function(self)
    if self.sync == "" or self.sync:find "^[se\\]" then
      error(("it needs a sync that begins with none of s, e and \\, got %s")
        :format(kam.show(self.sync)), 0)
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

    -- So many bytes have come behind a mark, or before the first.
    local function check(n, most)
      if n > most then error(("more than %d bytes (its option limit) without a sync"):format(self.limit), 0) end
    end

    for box, msg in self:messagesAny() do
      if box == "inbox" then
        local text = tail .. msg
        local from, to = text:find(sync, 1, true)
        if from then
          local all, start = table.concat(parts) .. msg, 1
          from, to = from + #all - #text, to + #all - #text
          local dropped = size - (#all - #msg)
          while from do
            check(dropped + from - start, self.limit)
            dropped = 0
            if begun then send(self, all:sub(start, from - 1)) end
            start, begun = to + 1, true
            from, to = all:find(sync, start, true)
          end
          msg, parts, size = all:sub(start), {}, 0
          text = msg
        end
        tail, size = text:sub(math.max(#text - overlap, 0) + 1), size + #msg
        if begun then parts[#parts + 1] = msg else parts = { tail } end
        check(size, self.limit + overlap) -- a mark may have begun
        if self.packets then
          if begun then send(self, table.concat(parts)) end
          parts, size, tail, begun = {}, 0, "", false
        end
      elseif begun then
        send(self, table.concat(parts))
        parts, size, tail, begun = {}, 0, "", false
      end
    end
    if begun then send(self, table.concat(parts)) end
  end,
}
