-- Broken on purpose: mend it from its error alone.
local kam = require "kam"

kam.Graphline {
  WORDS = kam.DataSource { "one", "two" },
  SHUOT = kam.map(string.upper),
  OUT   = kam.ConsoleEchoer(),
  linkages = { "WORDS -> SHOUT -> OUT" },
}:run()

--! exit 2
--! error[E0102]: there is no component "SHOUT" in this graph; did you mean "SHUOT"?
