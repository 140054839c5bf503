-- Drawings of systems: kam graph, and c:graph().
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

local Two = kam.component "Two" {
  inboxes = { next = "asks for more" }, outboxes = { debug = "what it thinks" },
  main = function() end,
}

local function pass() return kam.PassThrough() end

-- The drawing of a component that is never run.
local function drawn(c, form)
  local text = c:graph(form)
  c:stop()
  return text
end

local function draws(c, expected)
  assert.equal(expected:gsub("\n$", ""), drawn(c))
end

describe("a drawing as text", function()
  it("joins those that feed one inbox, and says what nobody reads", function()
    draws(kam.Graphline {
      A = kam.DataSource { 1, 2 }, B = kam.DataSource { 3 }, SUM = kam.Collate(),
      linkages = { "A, B -> SUM" },
    }, [[
A ─┐
B ─┴─> SUM ─> (unlinked)
]])
  end)

  it("joins three", function()
    draws(kam.Graphline {
      A = kam.DataSource { 1 }, B = kam.DataSource { 2 }, C = kam.DataSource { 3 }, D = kam.NullSink(),
      linkages = { "A, B, C -> D" },
    }, [[
A ─┐
B ─┼─> D
C ─┘
]])
  end)

  it("shows a chassis below its owner, with its own ends as self", function()
    draws(kam.Graphline {
      A = kam.DataSource { 1 }, P = kam.Graphline { C = pass(), linkages = { "self -> C -> self" } },
      Z = kam.NullSink(), linkages = { "A -> P -> Z" },
    }, [[
A ─> P ─> Z

P (Graphline):
  self ─> C ─> self
]])
  end)

  it("names boxes that are not the usual ones, and null", function()
    draws(kam.Graphline {
      A = Two(), B = Two(), linkages = { "A -> B.next", "A.debug -> null", "B -> null", "B.debug -> null" },
    }, [[
A ───────── next > B ───────> null
 .debug ─┐          .debug ─> null
         └───────> null
]])
  end)

  it("leads a loop back by name", function()
    draws(kam.Graphline { A = pass(), B = pass(), linkages = { "A -> B", "B -> A" } }, [[
A ─> B ─> (back to A)
]])
  end)

  it("is the same each time", function()
    local function system()
      return kam.Graphline { B = pass(), A = pass(), C = Two(), linkages = { "A -> C", "B -> C.next" } }
    end
    local c = system()
    assert.equal(c:graph(), drawn(c))
  end)

  it("that would be too wide is a list of links", function()
    local parts = {}
    for i = 1, 12 do parts[i] = pass() end
    for line in (drawn(kam.Pipeline(parts)) .. "\n"):gmatch "(.-)\n" do assert.is_true(utf8.len(line) <= 100) end
  end)
end)

describe("other forms", function()
  local function nested()
    return kam.Pipeline { kam.DataSource { 1 }, kam.Pipeline { pass(), pass() }, kam.NullSink() }
  end

  it("are dot, mermaid and svg, with the names of all components", function()
    for form, start in pairs { dot = "digraph", mermaid = "flowchart LR", svg = "<svg" } do
      local text = drawn(nested(), form)
      assert.equal(start, text:sub(1, #start))
      kit.has(text, "DataSource", "PassThrough", "NullSink")
    end
  end)

  it("are refused when there is no such form", function()
    local c = nested()
    kit.has(kit.refused(c.graph, c, "png"), "graph", "dot, mermaid, svg, text")
    c:stop()
  end)
end)

describe("kam graph", function()
  local here

  before_each(function() here = place.new() end)
  after_each(function() here:__close() end)

  it("draws what a script would run, and does not run it", function()
    here:write("a.lua", 'local kam = require "kam"\n'
      .. 'kam.Pipeline { kam.DataSource { "no" }, kam.ConsoleEchoer() }:run()\n')
    local out, err, status = here:run "kam graph a.lua"
    assert.equal("", err)
    assert.equal(0, status)
    kit.has(out, "DataSource ─> ConsoleEchoer")
    kit.lacks(out, "no\n")
  end)

  it("draws several systems in one picture", function()
    here:write("two.lua", 'local kam = require "kam"\nlocal function system(text)\n'
      .. "  kam.Pipeline { kam.OneShot(text), kam.ConsoleEchoer() }:run()\nend\n"
      .. 'system "a" system "b"\n')
    for _, form in ipairs { "dot", "svg", "mermaid" } do
      local out, err, status = here:run(("kam graph --%s two.lua"):format(form))
      assert.equal("", err)
      assert.equal(0, status)
      assert.equal(2, select(2, out:gsub("%f[%w]OneShot", "")))
    end
  end)

  it("says when there is nothing to draw, and what is wrong with a script", function()
    here:write("none.lua", "local a = 1")
    local _, err, status = here:run "kam graph none.lua"
    assert.equal(1, status)
    kit.has(err, "makes no system")
    here:write("bad.lua", 'require "kam".Pipeline { 1 }')
    _, err, status = here:run "kam graph bad.lua"
    assert.equal(2, status)
    kit.has(err, "E0112", "bad.lua:1")
    _, err, status = here:run "kam graph gone.lua"
    assert.equal(2, status)
    kit.has(err, "gone.lua")
  end)
end)
