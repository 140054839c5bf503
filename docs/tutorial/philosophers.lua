-- Five philosophers and five forks between them. Each takes the left fork, then the
-- right one, and in some orders of events nobody ever eats.
local kam = require "kam"

-- Boxes to both sides.
local sides = { inbox = false, left = "from the left", right = "from the right" }

-- Is taken from one side, and is nobody else's until it is put back from there.
local Fork = kam.component "Fork" {
  inboxes = sides,
  outboxes = { outbox = false, left = "to the left", right = "to the right" },
  main = function(self)
    for side in self:messagesAny() do
      self:send("yours", side)
      self:recv(side)
    end
  end,
}

local Philosopher = kam.component "Philosopher" {
  inboxes = sides,
  outboxes = { outbox = false, left = "to the left", right = "to the right" },
  main = function(self)
    for _, side in ipairs { "left", "right" } do
      self:send("take", side)
      self:recv(side)
    end
    print(self, "eats")
    self:send("put back", "left")
    self:send("put back", "right")
  end,
}

local round_table = { linkages = {} }
for i = 1, 5 do
  local seat = { P = "P" .. i, L = "FORK" .. i, R = "FORK" .. i % 5 + 1 }
  round_table[seat.P], round_table[seat.L] = Philosopher(), Fork()
  for _, link in ipairs {
    "P.left -> L.right", "L.right -> P.left", "P.right -> R.left", "R.left -> P.right",
  } do
    table.insert(round_table.linkages, (link:gsub("%u", seat)))
  end
end

kam.Graphline(round_table):run()

--! exit 3
--! P1 (docs/tutorial/philosophers.lua:37) waits for a message in right; only FORK2 feeds it
