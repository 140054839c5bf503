local kam = require "kam"

-- What is held of a line is too long: it goes to error, or is one.
local function too_long(self, text)
  local why = ("a line is longer than %d bytes (its option limit)"):format(self.limit)
  if not self:isHeard "error" then error(why, 0) end
  self:send({ text = text:sub(1, self.limit), error = why }, "error")
end

-- Sends a whole line.
local function whole(self, line)
  if #line <= self.limit then self:send(line) else too_long(self, line) end
end

return kam.component "LineSplit" {
  summary = "Cuts a stream of bytes into lines.",
  doc = "The bytes come in any cut; the lines leave without their ends, empty ones too. What stands "
    .. "after the last end is a line if it is not empty. A line ends with \\n; a \\r before it belongs "
    .. "to the line, unless `crlf` is set. A line longer than `limit` goes to error if that is linked, cut off "
    .. "there, and what follows it is read on; else it ends the component.",
  ends = "When its inbox has ended, after the last line.",
  inboxes = { inbox = { "bytes, in any cut", kind = "bytes" } },
  outboxes = {
    outbox = { "lines, without their ends", kind = "line" },
    error = { "if linked: lines that are too long, as { text =, error = }", kind = "table", optional = true },
  },
  options = {
    crlf = { false, "a \\r before the end of a line belongs to the end" },
    limit = { 1048576, "bytes in a line, without its end", min = 1 },
  },
  first = "limit",
  example = [[
kam.Pipeline { kam.DataSource { "to\nbe o", "r not\n" }, kam.LineSplit(), kam.ConsoleEchoer() }:run()
--> to
--> be or not
]],
  main = function(self)
    local crlf, most = self.crlf, self.limit + (self.crlf and 1 or 0) -- a \r that may belong to the end
    local held, size = {}, 0
    local skips = false -- until the end of a line that was too long
    for bytes in self:messages() do
      local from, to = 1, bytes:find("\n", 1, true)
      while to do
        local line = bytes:sub(from, to - 1)
        if size > 0 then
          held[#held + 1] = line
          line, held, size = table.concat(held), {}, 0
        end
        if crlf and line:byte(-1) == 13 then line = line:sub(1, -2) end
        if skips then skips = false else whole(self, line) end
        from = to + 1
        to = bytes:find("\n", from, true)
      end
      if from <= #bytes and not skips then
        held[#held + 1] = bytes:sub(from)
        size = size + #bytes - from + 1
        if size > most then
          too_long(self, table.concat(held))
          held, size, skips = {}, 0, true
        end
      end
    end
    if size > 0 then whole(self, table.concat(held)) end
  end,
}
