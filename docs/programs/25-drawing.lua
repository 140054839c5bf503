-- Draws a system without running it.
local kam = require "kam"

local g = kam.Graphline {
  A = kam.DataSource { 1, 2 }, B = kam.DataSource { 3 }, SUM = kam.Collate(),
  linkages = { "A, B -> SUM" },
}
print(g:graph()) -- "text"; also "dot", "svg", "mermaid"
