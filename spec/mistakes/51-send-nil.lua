-- nil as a message.
local kam = require "kam"
local Dates = kam.component "Dates" {
  main = function(self)
    for m in self:messages() do
      self:send(m.date)
    end
  end,
}
kam.Pipeline { kam.DataSource { { day = 1 } }, Dates(), kam.ConsoleEchoer() }:run()
--! exit 1
--! nil is no message
--! kam.null
--mend: m.date ==> m.day
