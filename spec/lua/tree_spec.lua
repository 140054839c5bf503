-- What is there, and what it is doing: kam.tree, SIGUSR1, and the links of a system.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

describe("kam.tree", function()
  -- The tree as a component sees it after a second, without where it was made.
  local function tree_of(children)
    local text, g
    children.LOOK = kam.main(function(self)
      self:sleep(1)
      text = kam.tree(g):gsub(" %([^)]*%)", ""):gsub("(%S)  +", "%1  "):gsub("(%u%l%w*) %d+", "%1"):gsub("map %d+", "map")
      kam.stop()
    end)
    g = kam.Graphline(children)
    kit.said(kam.run, g)
    return text
  end

  it("says who waits for a message, and who feeds the box", function()
    kit.has(tree_of {
      A = kam.main(function(self) self:sleep(5) end), B = kam.NullSink(), linkages = { "A -> B" },
    }, "  A  waits for time to pass, since 1.0 s", "B  waits for a message in inbox, which A feeds")
  end)

  it("says who waits for room, and how full boxes are", function()
    kit.has(tree_of {
      A = kam.source(function() return 1 end), B = kam.main(function(self) self:sleep(5) end),
      linkages = { { "A -> B", limit = 2 } },
    }, "A  waits for room in B.inbox", "inbox holds 2 of 2")
  end)

  it("says how full a box is by its bytes, if they fill it", function()
    kit.has(tree_of {
      A = kam.DataSource { ("x"):rep(5 * 2 ^ 20), ("y"):rep(5 * 2 ^ 20) },
      B = kam.main(function(self) self:sleep(5) end), linkages = { "A -> B" },
    }, "A  waits for room in B.inbox", "inbox holds 1 with 5.0 of 8 MiB")
  end)

  it("says what a chassis waits for, and shows what is in it", function()
    kit.has(tree_of {
      P = kam.Pipeline { kam.PeriodicTick(9), kam.map(tostring), kam.NullSink() },
    }, "Graphline", "runs until its 2 children have ended", "    map",
      "waits for a message in inbox, which PeriodicTick feeds")
  end)

  it("says who runs", function() kit.has(tree_of {}, "LOOK", "runs") end)
end)

describe("core.links", function()
  it("lists links, boxes passed through, and what is discarded on purpose", function()
    local a, b = kam.map(tostring), kam.map(tostring)
    local g = kam.Graphline { A = a, B = b, linkages = { "self -> A", { "A -> B", limit = 7 }, "B -> null" } }
    local seen = {}
    for _, link in ipairs(core.links()) do
      if link.from == g or link.from == a or link.from == b then
        seen[#seen + 1] = ("%s %s.%s %s"):format(link.kind, core.name(link.from), link.box,
          link.to and core.name(link.to) .. "." .. link.tobox .. " " .. (link.limit or "") or "")
      end
    end
    table.sort(seen)
    assert.same({ "in Graphline.inbox A.inbox 256", "link A.outbox B.inbox 7", "null B.outbox " },
      { (seen[1]:gsub("Graphline %d+", "Graphline")), seen[2], seen[3] })
    g:stop()
    kam.run()
  end)
end)

describe("SIGUSR1", function()
  it("prints the tree of a running system", function()
    local here <close> = place.new { ["wait.lua"] = [[
      local kam = require "kam"
      kam.Pipeline { kam.PeriodicTick(60), kam.NullSink() }:run()]] }
    local _, err, status = here:run [[
      kam wait.lua & sleep 0.3; kill -USR1 $!; sleep 0.2; kill $!; wait $!]]
    kit.has(err, "Pipeline (wait.lua:2)", "  PeriodicTick", "waits for time to pass",
      "waits for a message in inbox, which PeriodicTick feeds")
    assert.equal(143, status)
  end)
end)
