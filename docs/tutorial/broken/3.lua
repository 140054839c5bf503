-- Broken on purpose: mend it from its error alone.
local kam = require "kam"

local Half = kam.component "Half" {
  summary = "Sends on the half of each number.",
  main = function(self)
    for n in self:messages() do
      self:send(n / 2)
    end
  end,
}

kam.Pipeline {
  kam.DataSource { 10, "ten", 12 },
  Half(),
  kam.ConsoleEchoer(),
}:run()

--! exit 1
--! it was handling message 2: "ten"
