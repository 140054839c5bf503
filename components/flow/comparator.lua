local kam = require "kam"

-- Are two values alike, tables by what is in them? met keeps the pairs of tables
-- on the way down, which may lead round.
local function alike(a, b, met)
  if a == b then return true end
  if type(a) ~= "table" or type(b) ~= "table" then return a ~= a and b ~= b end
  met = met or {}
  if met[a] == b then return true end
  met[a] = b
  for key, value in pairs(a) do
    if not alike(value, rawget(b, key), met) then return false end
  end
  for key in pairs(b) do
    if rawget(a, key) == nil then return false end
  end
  return true
end

return kam.component "Comparator" {
  summary = "Says of each pair of messages from two inboxes whether they are alike.",
  doc = "The first of one is compared with the first of the other, and so on; tables by what is in "
    .. "them. When one of the two has ended, false is sent for each message of the other that has no "
    .. "partner, so streams of different length are not alike.",
  ends = "When both inboxes have ended.",
  inboxes = { inbox = false, inA = "one stream", inB = "the other" },
  outboxes = { outbox = "true or false for each pair" },
  example = [[
kam.Graphline {
  A = kam.DataSource { 1, { 2, 3 }, 4 }, B = kam.DataSource { 1, { 2, 3 } },
  SAME = kam.Comparator(), OUT = kam.ConsoleEchoer(),
  linkages = { "A -> SAME.inA", "B -> SAME.inB", "SAME -> OUT" },
}:run()
--> true
--> true
--> false
]],
  main = function(self)
    for a in self:messages "inA" do
      local b = self:recv "inB"
      self:send(b ~= nil and alike(a, b))
    end
    for _ in self:messages "inB" do self:send(false) end
  end,
}
