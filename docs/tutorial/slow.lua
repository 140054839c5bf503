-- A fast source and a slow receiver, whose inbox holds three messages at the most.
local kam = require "kam"

kam.Graphline {
  FAST = kam.DataSource { 1, 2, 3, 4, 5, 6 },
  SLOW = kam.main(function(self)
    for n in self:messages() do
      self:sleep(0.1)
      print(n, "and", self:dataReady() or "nobody", "waits")
    end
  end),
  linkages = { { "FAST -> SLOW", limit = 3 } },
}:run()

--> 1	and	3	waits
--> 2	and	3	waits
--> 3	and	3	waits
--> 4	and	2	waits
--> 5	and	1	waits
--> 6	and	nobody	waits
