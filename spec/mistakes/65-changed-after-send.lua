-- A table is changed after it was sent; --careful finds it.
local kam = require "kam"
local Count = kam.component "Tables" {
  main = function(self)
    local t = {}
    for i = 1, 3 do
      t.n = i
      self:send(t)
    end
  end,
}
kam.Graphline {
  A = Count(), OUT = kam.ConsoleEchoer(),
  linkages = { "A -> OUT" },
}:run()
--! flag --careful
--! exit 1
--! the table that A sent to outbox
--! was changed after it was sent
--! send a new table, or a copy
--mend:       self:send(t) ==>       self:send { n = t.n }
