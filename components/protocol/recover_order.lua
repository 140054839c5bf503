local kam = require "kam"

return kam.component "RecoverOrder" {
  summary = "Puts numbered messages back in order.",
  doc = "Messages are lists { number, … }, numbers going round from 0 to `modulus` - 1; they may be "
    .. "text, as DeFramer gives them. What is next in order is sent on at once; what is not is held, up to "
    .. "`window` messages, or for `seconds` if they are given: then those that lack are given up. They go to "
    .. "lost if that is linked; else it warns of them. Before its first message it holds as many, as what is "
    .. "first may come later. A message whose number is held already, or lies at most half a round behind "
    .. "what was sent, comes too late: it is dropped. At the end those that are held are sent in order. "
    .. "A message without such a number goes to error if that is linked; else it ends the component.",
  ends = "When its inbox has ended, after it has sent what it holds.",
  inboxes = { inbox = { "lists { number, … }", kind = "table" } },
  outboxes = {
    outbox = { "the same, in order", kind = "table" },
    lost = { "if linked: numbers that did not come, as { from =, to =, count = }", kind = "table",
      optional = true },
    error = { "if linked: what has no number, as { text =, error = }", kind = "table", optional = true },
  },
  options = {
    window = { 12, "how many messages are held", min = 1 },
    seconds = { 0.0, "how long what lacks is waited for; 0: until the window is full", min = 0 },
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
      error(("it needs a modulus of at least 4 times its window, got %d and %d")
        :format(self.modulus, self.window), 0)
    end
  end,
  main = function(self)
    local modulus, window = self.modulus, self.window
    local held, places = {}, {} -- messages by their places, and the places in order
    local came = {} -- when each of them did
    local last, sent = nil, nil -- the place that came last, and that sent last

    -- Where a number stands on a line that does not go round, near the last one.
    local function place(number)
      if not last then return number end
      local ahead = (number - last) % modulus
      return last + (ahead < modulus // 2 and ahead or ahead - modulus)
    end

    -- Those from one place to another did not come.
    local function give_up(from, to)
      local lost = { from = from % modulus, to = to % modulus, count = to - from + 1 }
      if self:isHeard "lost" then
        self:send(lost, "lost")
      else
        self:warn(lost.count == 1 and ("message %d did not come"):format(lost.from)
          or ("%d messages did not come: %d to %d"):format(lost.count, lost.from, lost.to))
      end
    end

    -- Sends the first that is held, and those that come right behind it.
    local function send_first()
      local at = places[1]
      if sent and at > sent + 1 then give_up(sent + 1, at - 1) end
      repeat
        table.remove(places, 1)
        sent = at
        self:send(held[at])
        held[at], came[at], at = nil, nil, at + 1
      until places[1] ~= at
    end

    local function take(msg)
      local number = type(msg) == "table" and math.tointeger(tonumber(msg[1]))
      if not number or number < 0 or number >= modulus then
        local what = type(msg) == "table" and msg[1] or msg
        local why = ("%s is no number from 0 to %d"):format(kam.show(what), modulus - 1)
        if not self:isHeard "error" then error(why, 0) end
        self:send({ text = tostring(what), error = why }, "error")
        return
      end
      local at = place(number)
      if held[at] or (sent and at <= sent) then return end
      local i = #places
      while i > 0 and places[i] > at do i = i - 1 end
      table.insert(places, i + 1, at)
      held[at], came[at], last = msg, kam.now(), at
      if at == (sent or -2) + 1 or #places > window then send_first() end
    end

    local msg, why = self:recv()
    while msg ~= nil or why == "timeout" do
      if msg == nil then send_first() else take(msg) end
      -- What lacks is given up when the first behind it has waited for so long.
      local left = places[1] and self.seconds > 0 and came[places[1]] + self.seconds - kam.now()
      msg, why = self:recv("inbox", left and math.max(left, 0.001) or nil)
    end
    while #places > 0 do send_first() end
  end,
}
