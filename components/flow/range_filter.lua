local kam = require "kam"

return kam.component "RangeFilter" {
  summary = "Sends on what lies in one of several ranges.",
  doc = "A message is a number, or a table whose first item is one; the bounds belong to the range. "
    .. "Others are dropped. A message without a number is an error that says which one it was.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "numbers, or { number, … }" },
  outboxes = { outbox = "those in one of the ranges" },
  options = { ranges = { type = "list", "{ lowest, highest } for each range" } },
  init = function(self)
    for i = 1, self.ranges.n or #self.ranges do
      local range = self.ranges[i]
      if type(range) ~= "table" or type(range[1]) ~= "number" or type(range[2]) ~= "number" then
        error(("it needs ranges { lowest, highest }; number %d is %s"):format(i,
          kam.show(range)), 0)
      end
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { 1, 5, { 12, "noon" }, 30 },
  kam.RangeFilter { { 4, 6 }, { 10, 20 } },
  kam.ConsoleEchoer(),
}:run()
--> 5
--> { 12, "noon" }
]],
  main = function(self)
    local ranges, n = self.ranges, 0
    for msg in self:messages() do
      n = n + 1
      local value = msg
      if type(msg) == "table" then value = msg[1] end
      if type(value) ~= "number" then
        error(("message %d is %s: neither a number nor a table that begins with one"):format(n,
          kam.show(msg)), 0)
      end
      for i = 1, #ranges do
        if ranges[i][1] <= value and value <= ranges[i][2] then
          self:send(msg)
          break
        end
      end
    end
  end,
}
