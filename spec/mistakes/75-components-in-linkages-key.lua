-- links instead of linkages.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.ConsoleEchoer(),
  links = { "A -> B" },
}:run()
--! exit 2
--! links is a table, not a component
--! mend: linkages = { … }
--mend: links = ==> linkages =
