local kam = require "kam"

return kam.component "ChunkNamer" {
  summary = "Sends each chunk in a pair with a file name made for it.",
  doc = "The names are `path`, a number that counts from 1, and `suffix`; with `digits` the number is "
    .. "filled with zeros, so that the names sort. WholeFileWriter takes such pairs.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "chunks" },
  outboxes = { outbox = { "{ name, chunk }", kind = "table" } },
  options = {
    path = { "./chunk", "what the names begin with" },
    suffix = { "", "what the names end with" },
    digits = { 1, "at least so many digits", min = 1, max = 18 },
  },
  first = { "path", "suffix" },
  answers = true,
  example = [[
kam.Pipeline {
  kam.DataSource { "abc", "def" },
  kam.ChunkNamer { "out/part", ".bin", digits = 3 },
  kam.ConsoleEchoer(),
}:run()
--> { "out/part001.bin", "abc" }
--> { "out/part002.bin", "def" }
]],
  main = function(self)
    local n = 0
    local path, digits, suffix = self.path, "%0" .. self.digits .. "d", self.suffix
    for chunk in self:messages() do
      n = n + 1
      self:send { path .. digits:format(n) .. suffix, chunk }
    end
  end,
}
