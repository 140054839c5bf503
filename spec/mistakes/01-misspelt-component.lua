-- A component of the graph is misspelt in a link.
local kam = require "kam"
kam.Graphline {
  SRC = kam.OneShot "x", SNK = kam.ConsoleEchoer(),
  linkages = {
    "SRC -> SKN",
  },
}:run()
--! exit 2
--! there is no component "SKN" in this graph; did you mean "SNK"?
--! mend: "SRC -> SNK"
--mend: SKN ==> SNK
