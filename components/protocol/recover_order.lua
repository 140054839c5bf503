local kam = require "kam"

return kam.component "RecoverOrder" {
  summary = "Puts numbered messages back in order.",
  doc = "Messages are lists { number, … }, numbers going round from 0 to `modulus` - 1; they may be "
    .. "text, as DeFramer gives them. It holds up to `window` of them, and then sends on the one that "
    .. "is first in order. A message whose number is held already, or lies at most half a round behind "
    .. "what was sent, comes too late: it is dropped. At the end those that are held are sent in order. "
    .. "A message without such a number is an error.",
  ends = "When its inbox has ended, after it has sent what it holds.",
  inboxes = { inbox = { "lists { number, … }", kind = "table" } },
  outboxes = { outbox = { "the same, in order", kind = "table" } },
  options = {
    window = { 12, "how many messages are held", min = 1 },
    modulus = { 65536, "numbers go round after so many", min = 4 },
  },
  first = "window",
  example = [[
kam.Pipeline { kam.DataSource { { 1, "b" }, { 0, "a" }, { 1, "b" }, { 2, "c" } },
  kam.RecoverOrder(2), kam.ConsoleEchoer() }:run()
--> { 0, "a" }
--> { 1, "b" }
--> { 2, "c" }
]],
  init = function(self)
    if self.window > self.modulus // 4 then
      error(("RecoverOrder needs a modulus of at least 4 times its window, got %d and %d")
        :format(self.modulus, self.window), 3)
    end
  end,
  main = function(self)
    local modulus, window = self.modulus, self.window
    local held, places = {}, {} -- messages by their places, and the places in order
    local last, sent = nil, nil -- the place that came last, and that sent last

    -- Where a number stands on a line that does not go round, near the last one.
    local function place(number)
      if not last then return number end
      local ahead = (number - last) % modulus
      return last + (ahead < modulus // 2 and ahead or ahead - modulus)
    end

    local function send_first()
      sent = table.remove(places, 1)
      self:send(held[sent])
      held[sent] = nil
    end

    for msg in self:messages() do
      local number = math.tointeger(tonumber(msg[1]))
      if not number or number < 0 or number >= modulus then
        error(("%s is no number from 0 to %d"):format(kam.show(msg[1]), modulus - 1), 0)
      end
      local at = place(number)
      if not held[at] and (not sent or at > sent) then
        local i = #places
        while i > 0 and places[i] > at do i = i - 1 end
        table.insert(places, i + 1, at)
        held[at] = msg
        last = at
        if #places > window then send_first() end
      end
    end
    while #places > 0 do send_first() end
  end,
}
