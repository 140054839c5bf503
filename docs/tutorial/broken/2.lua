-- Broken on purpose: mend it from its error alone.
local kam = require "kam"

kam.Pipeline {
  kam.DataSource { "one", "two" },
  kam.map(function(word) word:upper() end),
  kam.ConsoleEchoer(),
}:run()

--! exit 1
--! gave nothing for message 1; is a `return` missing?
