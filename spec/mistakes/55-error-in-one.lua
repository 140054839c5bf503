-- An error in one of several components.
local kam = require "kam"
local Parse = kam.component "Parse" {
  main = function(self)
    for m in self:messages() do
      self:send(m.date.year)
    end
  end,
}
kam.Graphline {
  SRC = kam.DataSource { { id = 4 } }, PARSE = Parse(), OUT = kam.ConsoleEchoer(),
  linkages = { "SRC -> PARSE", "PARSE -> OUT" },
}:run()
--! exit 1
--! PARSE
--! attempt to index a nil value (field 'date')
--! { id = 4 }
--mend: m.date.year ==> m.id
