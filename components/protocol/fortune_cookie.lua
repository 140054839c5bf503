local kam = require "kam"

return kam.component "FortuneCookie" {
  summary = "Picks one text at random out of a file of fortunes.",
  doc = "The lines are those of a file as the program fortune has them: texts of one or more lines, with a line "
    .. "of only % between them. Each text is as likely as any other, and only one is kept at a time, so that "
    .. "the file may have any length. A text longer than `limit` is cut off there; a file without a text gives "
    .. "nothing.",
  ends = "When its inbox has ended, after it has sent the text.",
  inboxes = { inbox = { "lines", kind = "line" } },
  outboxes = { outbox = { "one text, its lines with their ends", kind = "bytes" } },
  options = { limit = { 65536, "bytes in a text", min = 1 } },
  main = function(self)
    local picked, seen = nil, 0
    local held, size = {}, 0
    local function whole()
      if size == 0 then return end
      seen = seen + 1
      if math.random(seen) == 1 then picked = table.concat(held):sub(1, self.limit) end
      held, size = {}, 0
    end
    for line in self:messages() do
      if line == "%" then
        whole()
      elseif size < self.limit then
        held[#held + 1] = line .. "\n"
        size = size + #line + 1
      end
    end
    whole()
    if picked then self:send(picked) end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { "You will travel far.", "%", "You will travel far.", "%" },
  kam.FortuneCookie(),
  kam.ConsoleEchoer { eol = "" },
}:run()
--> You will travel far.
]],
}
