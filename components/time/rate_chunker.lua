local kam = require "kam"

return kam.component "RateChunker" {
  summary = "Cuts a stream of bytes into so many chunks for a second's worth of it.",
  doc = "For data that are to be sent at a steady number of chunks a second: `bytes` make up a second "
    .. "and are cut into `chunks` pieces, each a multiple of `quantum` bytes (a frame, a sample) long. "
    .. "Where that does not come out even, lengths vary by a quantum so that a second still has "
    .. "`bytes`. It does not wait; put a RateLimit { messages = chunks } behind it. What is left at "
    .. "the end is sent as it is.",
  ends = "When its inbox has ended, after it has sent what is left.",
  inboxes = { inbox = { "bytes in messages of any length", kind = "bytes" } },
  outboxes = { outbox = { "the same bytes in chunks", kind = "bytes" } },
  options = {
    bytes = { type = "integer", "bytes in a second", min = 1 },
    quantum = { 1, "chunks are multiples of so many bytes", min = 1 },
    chunks = { type = "number", "chunks in a second", min = 1e-9 },
  },
  first = { "bytes", "quantum", "chunks" },
  init = function(self)
    if self.bytes < self.chunks * self.quantum then
      error(("it cannot make %.14g chunks of at least %d bytes out of %d"):format(self.chunks,
        self.quantum, self.bytes), 0)
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { "abcdefghij" },
  kam.RateChunker { bytes = 10, quantum = 1, chunks = 4 },
  kam.ConsoleEchoer(),
}:run()
--> ab
--> cde
--> fg
--> hij
]],
  main = function(self)
    local number, start = 0, 0
    -- Where the next chunk ends, in bytes from the start of all.
    local function border()
      number = number + 1
      local exact = number * self.bytes // self.chunks
      return math.tointeger(exact - exact % self.quantum)
    end
    local parts, held, stop = {}, 0, border()
    for msg in self:messages() do
      parts[#parts + 1], held = msg, held + #msg
      if held >= stop - start then
        local text, at = table.concat(parts), 1
        while #text - at + 1 >= stop - start do
          self:send(text:sub(at, at + stop - start - 1))
          at = at + stop - start
          start, stop = stop, border()
        end
        parts, held = { text:sub(at) }, #text - at + 1
      end
    end
    if held > 0 then self:send(table.concat(parts)) end
  end,
}
