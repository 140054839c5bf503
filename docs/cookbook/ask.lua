-- A service by its name, and a question to it that gets an answer. A map answers each
-- message by one, so that it knows nothing of requests.
local kam = require "kam"

kam.registerService("SQUARES", kam.map(function(n) return n * n end):activate())

kam.Pipeline {
  kam.DataSource { 2, 3 },
  kam.main(function(self)
    for n in self:messages() do
      local answer, why = self:ask("SQUARES", n, 2)
      self:send(("%d: %s"):format(n, answer or why))
    end
  end),
  kam.ConsoleEchoer(),
}:run()

--> 2: 4
--> 3: 9
