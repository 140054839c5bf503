local kam = require "kam"

-- The piece that joins what is held with the rest of a line, not longer than limit.
local function joined(held, size, rest, limit)
  if size + #rest > limit then
    error(("a line is longer than %d bytes (its option limit)"):format(limit), 0)
  end
  if #held == 0 then return rest end
  held[#held + 1] = rest
  return table.concat(held)
end

return kam.component "LineSplit" {
  summary = "Cuts a stream of bytes into lines.",
  doc = "The bytes come in any cut; the lines leave without their ends, empty ones too. What stands "
    .. "after the last end is a line if it is not empty. A line ends with \\n; a \\r before it belongs "
    .. "to the line, unless `crlf` is set. A line longer than `limit` is an error.",
  ends = "When its inbox has ended, after the last line.",
  inboxes = { inbox = { "bytes, in any cut", kind = "bytes" } },
  outboxes = { outbox = { "lines, without their ends", kind = "line" } },
  options = {
    crlf = { false, "a \\r before the end of a line belongs to the end" },
    limit = { 1048576, "bytes in a line; a longer one is an error", min = 1 },
  },
  first = "limit",
  example = [[
kam.Pipeline { kam.DataSource { "to\nbe o", "r not\n" }, kam.LineSplit(), kam.ConsoleEchoer() }:run()
--> to
--> be or not
]],
  main = function(self)
    local crlf, limit = self.crlf, self.limit
    local most = crlf and limit + 1 or limit -- a \r that may belong to the end
    local held, size = {}, 0
    for bytes in self:messages() do
      local from, to = 1, bytes:find("\n", 1, true)
      while to do
        local line = joined(held, size, bytes:sub(from, to - 1), most)
        if crlf and line:byte(-1) == 13 then line = line:sub(1, -2) end
        self:send(joined({}, 0, line, limit))
        if size > 0 then held, size = {}, 0 end
        from = to + 1
        to = bytes:find("\n", from, true)
      end
      if from <= #bytes then
        local rest = bytes:sub(from)
        if size + #rest > most then joined(held, size, rest, limit) end
        held[#held + 1] = rest
        size = size + #rest
      end
    end
    if size > 0 then self:send(joined({}, 0, table.concat(held), limit)) end
  end,
}
