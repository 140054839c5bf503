-- fuzz_linkage: a linkage is made, or refused by an error with a code and with words; in
-- a graph that is there, one that is refused, or made and unlinked, leaves it as it was.
local core = require "kam.core"
local kam = require "kam"
local report = require "kam.report"

local function parts(linkages)
  return { A = kam.PassThrough(), B = kam.PassThrough(), C = kam.NullSink(), T = kam.Tee(),
    linkages = linkages }
end

-- Calls f: true, or false after a look at its error.
local function judge(f, ...)
  local ok, err = pcall(f, ...)
  if ok then return true end
  if not report.is_error(err) then error(("no error with a code: %s"):format(err), 0) end
  assert(#tostring(err) > 0, "an error without words")
  return false
end

local graph

local function in_graph(text)
  graph = graph or kam.Graphline(parts { "A -> B" })
  local before = #core.links()
  if judge(graph.link, graph, text) then judge(graph.unlink, graph, text) end
  local after = #core.links()
  if before ~= after then error(("there were %d links, and are %d"):format(before, after), 0) end
end

return function(input)
  if input.choice == 1 then -- seldom: what is made and never run stays
    judge(kam.Graphline, parts { "A -> B", input.bytes })
  else
    in_graph(input.bytes)
  end
end
