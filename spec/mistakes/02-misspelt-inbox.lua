-- The inbox in a link is misspelt.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.FileWriter "out.txt",
  linkages = { "A -> B.inbx" },
}:run()
--! exit 2
--! B (FileWriter) has no inbox "inbx"; did you mean "inbox"?
--mend: B.inbx ==> B
