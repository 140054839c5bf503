-- One that takes what comes to any of two boxes, both fed from a ring with itself.
local kam = require "kam"

local Both = kam.component "Both" {
  inboxes = { left = "one", right = "another" },
  main = function(self)
    for _, msg in self:messagesAny { "left", "right" } do self:send(msg) end
  end,
}

kam.Graphline {
  BOTH = Both(), COPY = kam.Split { "l", "r" }, L = kam.PassThrough(), R = kam.PassThrough(),
  linkages = { "BOTH -> COPY", "COPY.l -> L", "COPY.r -> R", "L -> BOTH.left", "R -> BOTH.right" },
}:run()

--! BOTH (29-any-of-two.lua:12) waits for a message in left; only L feeds it, or waits for a message in right; only R feeds it
--! L (29-any-of-two.lua:12) waits for a message in inbox; only COPY feeds it
--! COPY (29-any-of-two.lua:12) waits for a message in inbox; only BOTH feeds it
--! exit 3
