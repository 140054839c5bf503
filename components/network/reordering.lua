local kam = require "kam"

return kam.component "Reordering" {
  summary = "Lets messages overtake others, as a network does.",
  doc = "With the given probability a message is held back until from 1 to `distance` later ones have "
    .. "come, or for `seconds` if so many do not come. Nothing is lost: at the end those that are "
    .. "held are sent in the order in which they came. Chance comes from math.random, so `--seed N` "
    .. "holds back the same ones again.",
  ends = "When its inbox has ended, after those that are held.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the same, in another order" },
  options = {
    probability = { type = "number", "that a message is held back, from 0 to 1", min = 0, max = 1 },
    distance = { 3, "how many may overtake it at most", min = 1 },
    seconds = { type = "number", default = 0.1, doc = "how long it is held at most", min = 0.001 },
  },
  first = "probability",
  example = [[
kam.Pipeline { kam.DataSource { 1, 2, 3, 4 }, kam.Reordering(0.5), kam.Collate(), kam.Sum(),
  kam.ConsoleEchoer() }:run()
--> 10
]],
  main = function(self)
    local held = {} -- { message, how many are still to overtake it, its time }, as they came

    -- Sends those that have been held for long enough, in the order in which they came.
    local function release(overtaken)
      local now, left = kam.now(), {}
      for _, one in ipairs(held) do
        one[2] = one[2] - overtaken
        if one[2] <= 0 or one[3] <= now then self:send(one[1]) else left[#left + 1] = one end
      end
      held = left
    end

    local msg, why = self:recv()
    while msg ~= nil or why == "timeout" do
      if msg == nil then
        release(0)
      elseif math.random() < self.probability then
        release(1)
        held[#held + 1] = { msg, math.random(self.distance), kam.now() + self.seconds }
      else
        self:send(msg)
        release(1)
      end
      local first = held[1] and math.max(held[1][3] - kam.now(), 0.001)
      msg, why = self:recv("inbox", first)
    end
    for _, one in ipairs(held) do self:send(one[1]) end
  end,
}
