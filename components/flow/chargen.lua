local kam = require "kam"

return kam.component "Chargen" {
  summary = "Sends lines of characters again and again.",
  doc = "The lines are those of the character generator of RFC 864: 72 of the 95 printable characters, "
    .. "each line beginning one further than the last; or always `text`. It goes as fast as the "
    .. "receiver takes them.",
  ends = "When told, or when its receiver has ended.",
  inboxes = { inbox = false },
  outboxes = { outbox = { "lines, without their ends", kind = "line" } },
  options = { text = { type = "string", "send this instead", optional = true } },
  example = [[
kam.Pipeline { kam.Chargen "hello", kam.Take(2), kam.ConsoleEchoer() }:run()
--> hello
--> hello
]],
  main = function(self)
    local characters = {}
    for code = 32, 126 do characters[#characters + 1] = string.char(code) end
    local around = table.concat(characters):rep(2)
    local at = 0
    while not self:told() do
      if not self:send(self.text or around:sub(at + 1, at + 72)) then return end
      at = (at + 1) % 95
    end
  end,
}
