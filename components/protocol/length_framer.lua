local kam = require "kam"

return kam.component "LengthFramer" {
  summary = "Writes the length of each message before it.",
  doc = "The length is an unsigned integer of 1, 2 or 4 bytes, and does not count itself. A message "
    .. "longer than `limit`, or than fits, is an error. LengthDeframer reads them again.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "messages of bytes", kind = "bytes" } },
  outboxes = { outbox = { "the same, each behind its length", kind = "bytes" } },
  options = {
    bits = { 32, "the size of a length", oneOf = { 8, 16, 32 } },
    endian = { "big", "which byte of a length is first", oneOf = { "big", "little" } },
    limit = { 16777216, "bytes in a message; a longer one is an error", min = 1 },
  },
  first = "bits",
  answers = true,
  example = [[
kam.Pipeline { kam.DataSource { "abc" }, kam.LengthFramer(16), kam.Collate(),
  kam.ConsoleEchoer() }:run()
--> { "\x00\x03abc" }
]],
  main = function(self)
    local most = math.min(self.limit, (1 << self.bits) - 1)
    local form = (self.endian == "big" and ">s" or "<s") .. self.bits // 8
    for bytes in self:messages() do
      if #bytes > most then
        error(("a message of %d bytes is longer than %d (its options limit and bits)")
          :format(#bytes, most), 0)
      end
      self:send(form:pack(bytes))
    end
  end,
}
