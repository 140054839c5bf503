-- A link without quotes.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.ConsoleEchoer(),
  linkages = { A -> B },
}:run()
--! exit 2
--! a link is a text: it stands in quotes
--! mend: "A -> B"
--mend: { A -> B } ==> { "A -> B" }
