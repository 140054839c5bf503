-- Drawings of systems: kam graph, c:graph().
local kam = require "kam"
local kit = require "spec.lua.kit"
local pages = require "spec.docs.pages"
local place = require "spec.lua.place"

-- The drawing of a Graphline, which is then thrown away.
local function drawn(children, form)
  local g = kam.Graphline(children)
  local text = g:graph(form)
  g:stop()
  kam.run()
  return text
end

-- A component without a box that has to be linked, by a name that stays short.
local function node() return kam.main(function() end) end

describe("a drawing", function()
  it("is a line for a pipeline", function()
    local p = kam.Pipeline { kam.DataSource { 1 }, kam.Collate(), kam.NullSink() }
    assert.truthy(p:graph():find("^DataSource[ %d]* ─> Collate[ %d]* ─> NullSink[ %d]*$"), p:graph())
    p:stop()
    kam.run()
  end)

  it("joins what comes together, and says what is not linked", function()
    assert.equal("A ─┬─> SUM ─> (unlinked)\nB ─┘",
      drawn { A = kam.DataSource { 1 }, B = kam.DataSource { 2 }, SUM = kam.Collate(), linkages = { "A, B -> SUM" } })
  end)

  it("shows several boxes of one component below each other", function()
    assert.equal("SRC ─> COPY.one ───> LIST ─┬─> OUT\n           .three ─────────┘", drawn {
      SRC = kam.DataSource { 1 }, COPY = kam.Split { "one", "three" }, LIST = kam.Collate(), OUT = kam.NullSink(),
      linkages = { "SRC -> COPY", "COPY.one -> LIST -> OUT", "COPY.three -> OUT" },
    })
  end)

  it("names the inbox if it is not the usual one", function()
    assert.equal("A ─> (x) ZIP ─> OUT\nB ─> (y)", drawn {
      A = kam.DataSource { 1 }, B = kam.DataSource { 2 }, ZIP = kam.Zip { "x", "y" }, OUT = kam.NullSink(),
      linkages = { "A -> ZIP.x", "B -> ZIP.y", "ZIP -> OUT" },
    })
  end)

  it("shows what is discarded on purpose, and what leads outside", function()
    assert.equal("self ─> A ─> null", drawn { A = node(), linkages = { "self -> A", "A -> null" } })
    assert.equal("A ─> self", drawn { A = kam.DataSource { 1 }, linkages = { "A -> self" } })
  end)

  it("writes what leads back below", function()
    assert.equal("A ─> B\nand back: B ─> A",
      drawn { A = node(), B = node(), linkages = { "A -> B -> A" } })
  end)

  it("looks into a chassis, and through one that has a single component", function()
    assert.equal("A ─> FIRST ─> SECOND ─> OUT", drawn {
      A = kam.DataSource { 1 }, OUT = kam.NullSink(),
      P = kam.Graphline { FIRST = node(), SECOND = node(), linkages = { "self -> FIRST -> SECOND -> self" } },
      linkages = { "A -> P -> OUT" },
    })
  end)

  it("is the same each time", function()
    local function one()
      return drawn { A = node(), B = node(), C = node(), D = node(), linkages = { "A, B -> C", "C -> D", "D -> null" } }
    end
    local first = one()
    for _ = 1, 20 do assert.equal(first, one()) end
  end)

  it("is DOT, Mermaid or SVG as well", function()
    local children = function() return { ['A'] = kam.DataSource { 1 }, B = kam.NullSink(), linkages = { "A -> B" } } end
    kit.has(drawn(children(), "dot"), "digraph system {", '[label="A"];', "n1 -> n2;", "subgraph cluster_1")
    kit.has(drawn(children(), "mermaid"), "flowchart LR", 'n1["A"]', "n1 --> n2")
    kit.has(drawn(children(), "svg"), "<svg ", ">A</text>", ">B</text>", "marker-end")
  end)

  -- What graphviz makes of a text in DOT: names of nodes, of groups, and edges, sorted.
  local function read_by_dot(text)
    local here <close> = place.new { ["in.dot"] = text }
    local out, err, status = here:run "dot -Tjson0 in.dot"
    assert.equal("", err)
    assert.equal(0, status)
    local read = kam.try(kam.JSONDecode(), { out })[1]
    local by_number, nodes, groups, edges = {}, {}, {}, {}
    for _, object in ipairs(read.objects) do
      by_number[object._gvid] = object.label:gsub("\\\\", "\\") -- \\ is drawn as \
      table.insert(object.nodes and groups or nodes, by_number[object._gvid])
    end
    for _, edge in ipairs(read.edges or {}) do
      table.insert(edges, ("%s -%s-> %s"):format(by_number[edge.tail], edge.label or "", by_number[edge.head]))
    end
    for _, list in ipairs { nodes, groups, edges } do table.sort(list) end
    return nodes, groups, edges
  end

  local function it_reads(what, f)
    it(what, function()
      if not os.execute "dot -V 2>/dev/null" then pending "needs graphviz" return end
      f()
    end)
  end

  it_reads("is read by graphviz as the graph that it is", function()
    local nodes, groups, edges = read_by_dot(drawn({
      SRC = kam.DataSource { 1 }, COPY = kam.Split { "one", "two" }, ZIP = kam.Zip { "x", "y" }, OUT = kam.NullSink(),
      IN = kam.Graphline { A = node(), B = node(), linkages = { "self -> A -> B -> self" } },
      linkages = { "SRC -> COPY", "COPY.one -> ZIP.x", "COPY.two -> IN -> ZIP.y", "ZIP -> OUT" },
    }, "dot"))
    assert.same({ "A", "B", "COPY", "OUT", "SRC", "ZIP" }, nodes)
    assert.equal(2, #groups)
    kit.has(table.concat(groups, " "), "IN", "Graphline")
    assert.same({ "A --> B", "B -→ y-> ZIP", "COPY -one → x-> ZIP", "COPY -two-> A", "SRC --> COPY", "ZIP --> OUT" },
      edges)
  end)

  it_reads("has names that graphviz reads as they are, whatever is in them", function()
    local odd = { 'a "b"', "back\\slash \\n", "<c> | {d}", "ends with \\", "ä → ö", "node" }
    local children = { linkages = {} }
    for _, name in ipairs(odd) do children[name] = kam.NullSink() end
    local nodes = read_by_dot(drawn(children, "dot"))
    table.sort(odd)
    assert.same(odd, nodes)
  end)

  it("has no other form", function()
    local c = kam.NullSink()
    kit.has(kit.refused(c.graph, c, "png"), "one of dot, mermaid, svg, text")
    c:stop()
  end)
end)

describe("kam graph", function()
  local merge = [[
local kam = require "kam"
print "the script's own lines do run"
kam.Graphline {
  A = kam.DataSource { 1 }, B = kam.DataSource { 2 }, OUT = kam.ConsoleEchoer(), linkages = { "A, B -> OUT" },
}:run()
]]

  it("draws what a script would run, and runs none of it", function()
    local here <close> = place.new { ["merge.lua"] = merge }
    local out, err, status = here:run "kam graph merge.lua"
    assert.equal("A ─┬─> OUT\nB ─┘\n", out)
    assert.equal("", err)
    assert.equal(0, status)
  end)

  it("draws a system in one line", function()
    local here <close> = place.new()
    assert.equal("ConsoleReader ─> Count ─> ConsoleEchoer\n",
      (here:run "kam graph 'ConsoleReader | Count | ConsoleEchoer'"))
  end)

  it("says what is wrong with a graph as run would", function()
    local here <close> = place.new { ["bad.lua"] = (merge:gsub("OUT\" }", "OTU\" }")) }
    local _, err, status = here:run "kam graph bad.lua"
    kit.has(err, "E0102", 'did you mean "OUT"?')
    assert.equal(2, status)
  end)

  it("draws every program of the tutorial and the cookbook that runs something", function()
    local here <close> = pages.place()
    local paths = pages.find("docs/tutorial", ".lua")
    for _, path in ipairs(pages.find("docs/cookbook", ".lua")) do paths[#paths + 1] = path end
    for _, path in ipairs(paths) do
      -- progress reads in its own lines what its first system writes, which here does not run
      if not (path:find "broken" or path:find "_spec" or path:find "miniaxon" or path:find "progress") then
        local got = here:run(("./kam graph %s; ./kam graph --svg %s >/dev/null; ./kam graph --dot %s >g.dot; "
          .. "if command -v dot >/dev/null && [ -s g.dot ]; then dot -Tsvg g.dot >/dev/null; fi"):format(path, path, path))
        assert.truthy(got.exit == 0 or got.err:find "runs nothing", path .. ": " .. got.err)
      end
    end
  end)
end)
