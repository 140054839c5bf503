-- The outbox in a link is misspelt.
local kam = require "kam"
kam.Graphline {
  A = kam.FileReader "a.txt", B = kam.ConsoleEchoer(),
  linkages = { "A.outbxo -> B" },
}:run()
--! exit 2
--! A (FileReader) has no outbox "outbxo"; did you mean "outbox"?
--mend: A.outbxo ==> A
