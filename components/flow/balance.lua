local kam = require "kam"

return kam.component "Balance" {
  summary = "Shares messages out among its named outboxes.",
  doc = "Each message goes to one of them. The outboxes take turns; one whose receiver has no room is "
    .. "passed over, so that a slow worker gets less. When none has room it waits for the one that has "
    .. "taken most. With `strict` it always waits for the one whose turn it is. The turn of a receiver "
    .. "that has ended falls to the next.",
  ends = "When its inbox has ended, or when all its receivers have.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = false },
  options = {
    names = { type = "strings", "the names of its outboxes" },
    strict = { false, "wait for the one whose turn it is" },
  },
  first = "names",
  init = function(self)
    local n = self.names.n or #self.names
    if n == 0 then error('it needs the names of its outboxes: Balance { "a", "b" }', 0) end
    for i = 1, n do
      if self:addOutbox(self.names[i], "a share of the messages") ~= self.names[i] then
        error(("it cannot have an outbox %s twice"):format(self.names[i]), 0)
      end
    end
  end,
  example = [[
local function work(name) return kam.map(function(n) return name .. n end) end

kam.Graphline {
  JOBS = kam.DataSource { 1, 2, 3 }, SHARE = kam.Balance { "a", "b" },
  A = work "a", B = work "b", OUT = kam.Sort(), SHOW = kam.ConsoleEchoer(),
  linkages = { "JOBS -> SHARE", "SHARE.a -> A", "SHARE.b -> B", "A, B -> OUT -> SHOW" },
}:run()
--> a1
--> a3
--> b2
]],
  main = function(self)
    local names, taken, at = {}, {}, 0
    for i = 1, #self.names do names[i], taken[i] = self.names[i], 0 end
    -- Gives msg to an outbox: true when it took it; one whose receiver is gone leaves.
    local function give(send, msg, i)
      local ok, why = send(self, msg, names[i])
      if ok then taken[i] = taken[i] + 1 end
      if why == "receiverGone" then
        table.remove(names, i)
        table.remove(taken, i)
        at = at > 0 and at - 1 or 0
      end
      return ok
    end
    local function fastest()
      local best = 1
      for i = 2, #names do
        if taken[i] > taken[best] then best = i end
      end
      return best
    end
    for msg in self:messages() do
      local done, tries = false, self.strict and 0 or 2 * #names
      while not done and tries > 0 and #names > 0 do
        if tries == #names then self:yield() end -- who can run makes room
        tries, at = tries - 1, at % #names + 1
        done = give(self.trySend, msg, at)
      end
      while not done and #names > 0 and self:told() ~= "shutdownMicroprocess" do
        if self.strict then at = at % #names + 1 end
        done = give(self.send, msg, self.strict and at or fastest())
      end
      if #names == 0 then return end
    end
  end,
}
