local kam = require "kam"

return kam.component "LengthDeframer" {
  summary = "Cuts a stream of bytes into messages by the lengths before them.",
  doc = "Reads what LengthFramer writes, in any cut: an unsigned integer of 1, 2 or 4 bytes, and as "
    .. "many bytes as it says. A length above `limit` is an error, before anything of the message is "
    .. "kept; so is an end in the middle of a message.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "bytes, in any cut", kind = "bytes" } },
  outboxes = { outbox = { "the messages", kind = "bytes" } },
  options = {
    bits = { 32, "the size of a length", oneOf = { 8, 16, 32 } },
    endian = { "big", "which byte of a length is first", oneOf = { "big", "little" } },
    limit = { 16777216, "bytes in a message; a longer one is an error", min = 1 },
  },
  first = "bits",
  example = [[
kam.Pipeline { kam.DataSource { "\0\3a", "bc\0\1d" }, kam.LengthDeframer(16),
  kam.ConsoleEchoer() }:run()
--> abc
--> d
]],
  main = function(self)
    local head, limit = self.bits // 8, self.limit
    local form = (self.endian == "big" and ">I" or "<I") .. head
    local held, size, wanted, length = {}, 0, head, nil
    for bytes in self:messages() do
      held[#held + 1] = bytes
      size = size + #bytes
      if size >= wanted then
        local data, at = table.concat(held), 1
        while #data - at + 1 >= wanted do
          local from = at
          at = at + wanted
          if length then
            self:send(data:sub(from, at - 1))
            length, wanted = nil, head
          else
            length = form:unpack(data, from)
            wanted = length
            if length > limit then
              error(("a message of %d bytes is longer than %d (its option limit)")
                :format(length, limit), 0)
            end
          end
        end
        held = { data:sub(at) }
        size = #held[1]
      end
    end
    if (size > 0 or length) and self:told() ~= "shutdownMicroprocess" then
      error(("the stream ends in a message: %d of %d bytes of its %s came")
        :format(size, wanted, length and "data" or "length"), 0)
    end
  end,
}
