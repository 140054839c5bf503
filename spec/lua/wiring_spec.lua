-- Linkages as text.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"
local wiring = require "kam.wiring"

local function nothing() end

-- The text of the error for a linkage among A, B and C.
local function refused(linkage)
  return kit.refused(function()
    local g = kam.Graphline {
      A = kam.PassThrough(), B = kam.PassThrough(), C = kam.PassThrough(), linkages = { linkage },
    }
    return g
  end)
end

-- What C gets of A's "a", and B's "b", when they are linked so.
local function got(...)
  local list = {}
  local linkages = { ... }
  kit.runs(kam.Graphline {
    A = kam.OneShot "a", B = kam.OneShot "b", C = kit.into(list), linkages = linkages,
  })
  table.sort(list)
  return table.concat(list)
end

after_each(kit.settled)

describe("a linkage", function()
  it("links an outbox to an inbox", function() assert.equal("ab", got("A -> C", "B -> C")) end)
  it("may name the boxes", function() assert.equal("ab", got("A.outbox -> C.inbox", "B.outbox -> C")) end)
  it("may link several to one", function() assert.equal("ab", got "A, B -> C") end)
  it("may be written without blanks, or with many", function()
    assert.equal("ab", got "A,B->C")
    assert.equal("ab", got "  A ,\tB  ->   C ")
    assert.equal("ab", got "A,\n B\n -> C")
  end)

  it("may be a chain", function()
    local list = {}
    kit.runs(kam.Graphline {
      A = kit.count(2), B = kam.PassThrough(), C = kam.PassThrough(), D = kit.into(list),
      linkages = { "A -> B -> C -> D" },
    })
    assert.same({ 1, 2 }, list)
  end)

  it("may be a chain with several at its start", function()
    local list = {}
    kit.runs(kam.Graphline {
      A = kam.OneShot "a", B = kam.OneShot "b", C = kam.PassThrough(), D = kit.into(list),
      linkages = { "A, B -> C -> D" },
    })
    assert.equal(2, #list)
  end)

  it("in a chain enters by the box that is named, and leaves by outbox", function()
    local list = {}
    local Gate = kam.component "Gate" {
      inboxes = { gate = "more" },
      main = function(self)
        for m in self:messages "gate" do self:send(m) end
      end,
    }
    kit.runs(kam.Graphline {
      A = kam.OneShot "a", G = Gate(), C = kit.into(list), linkages = { "A -> G.gate -> C" },
    })
    assert.same({ "a" }, list)
  end)

  it("to null discards on purpose", function() assert.equal("b", got("A.outbox -> null", "B -> C")) end)

  it("to null may have several on its left", function()
    kit.runs(kam.Graphline { A = kam.OneShot "a", B = kam.OneShot "b", linkages = { "A, B -> null" } })
  end)

  it("may have terms", function()
    local full
    kit.runs(kam.Graphline {
      A = kam.main(function(self)
        self:send(1)
        full = select(2, self:trySend(2))
      end),
      B = kam.NullSink(), linkages = { { "A -> B", limit = 1 } },
    })
    assert.equal("full", full)
  end)

  it("has its terms in each link of a chain", function()
    local sent
    kit.runs(kam.Graphline {
      A = kit.count(100),
      B = kam.main(function(self)
        for m in self:messages() do
          if not self:trySend(m) then
            sent = m - 1
            return
          end
        end
      end),
      C = kam.main(function(self)
        self:sleep(1)
        for _ in self:messages() do end
      end),
      linkages = { { "A -> B -> C", limit = 2 } },
    })
    assert.equal(2, sent)
  end)

  it("refuses terms that make no sense", function()
    kit.has(refused { "A -> B", limit = 0 }, "E0208", "limit", "got the number 0")
    kit.has(refused { "A -> B", limit = "few" }, "limit")
    kit.has(refused { "A -> B", whenFull = "dropAll" }, "E0208", "whenFull", "dropOldest")
    kit.has(refused { "A -> B", limt = 5 }, '"limt"', 'did you mean "limit"?')
  end)

  for _, text in ipairs { "A => B", "A > B", "A to B", "A - > B", "A --> B", "A B", "A", "", "->", "A ->",
    "-> B", "A -> -> B", "A..x -> B", "A.x.y -> B", "A, -> B", "A B -> C" } do
    it(("%q cannot be read"):format(text), function()
      kit.has(refused(text), "E0101", ('cannot read the link "%s"'):format(text), "wiring_spec.lua:")
    end)
  end

  it("that cannot be read comes with its mend", function()
    for _, text in ipairs { "A => B", "A > B", "A to B", "A --> B", "A - > B" } do
      kit.has(refused(text), '"A -> B"')
    end
  end)

  it("that is no text cannot be read", function()
    kit.has(refused(5), "E0101")
    kit.has(refused {}, "E0101")
  end)

  it("to several is refused, with the mend", function()
    kit.has(refused "A -> B, C", "E0113", "A goes to several", "kam.Split", "COPY.b -> B", "COPY.c -> C")
  end)

  it("from null is refused", function() kit.has(refused "null -> A", "E0115", "null") end)

  it("to a name that is not there names the nearest", function()
    kit.has(refused "A -> BB", "E0102", 'did you mean "B"?')
  end)

  it("refused in the middle of a list names its own line", function()
    local text = kit.refused(function()
      local g = kam.Graphline {
        SRC = kam.OneShot "x", SNK = kam.NullSink(), OTHER = kam.NullSink(),
        linkages = {
          "SRC -> SNK",
          "SRC -> OTHR",
        },
      }
      return g
    end)
    kit.has(text, '|            "SRC -> OTHR",', "^^^^")
  end)
end)

describe("parse", function()
  it("gives the stages, each with its ends", function()
    assert.same({
      { { name = "A", text = "A" }, { name = "B", box = "debug", text = "B.debug" } },
      { { name = "C", box = "log", text = "C.log" } },
      { { name = "self", text = "self" } },
    }, wiring.parse "A, B.debug -> C.log -> self")
  end)
end)

describe("kinds", function()
  it("that can fit are linked", function()
    assert.same({ "abcd" }, kam.try(kam.Pipeline { kam.PassThrough(), kam.Chunker { size = 4 } }, { "abcd" }))
  end)

  it("that can never fit are refused", function()
    kit.has(kit.refused(function()
      local p = kam.Pipeline { kam.PeriodicTick(1), kam.Chunker() }
      return p
    end), "E0107", "sends numbers", "takes bytes")
  end)
end)

it("is undone by unlink, and a text that names nothing is refused", function()
  local list = {}
  local g = kam.Graphline {
    A = kam.main(function(self)
      self:send(1)
      self:sleep(2)
      self:send(2)
    end),
    B = kit.into(list), linkages = { "A -> B" },
  }
  local lost = kit.lost(function()
    kit.run(kam.main(function(self)
      self:addChildren(g)
      self:sleep(1)
      kit.has(kit.refused(function() g:unlink "A -> BB" end), "BB")
      kit.has(kit.refused(function() g:unlink "X -> B" end), "E0102", '"X"')
      g:unlink "A -> B"
      self:sleep(2)
    end))
  end)
  assert.same({ 1 }, list)
  assert.same({ unlinked = 1 }, lost)
  assert.equal(0, core.totals().active)
  nothing()
end)

it("that is refused in its middle, while the system runs, has linked nothing", function()
  local list = {}
  local g = kam.Graphline {
    A = kam.main(function(self)
      self:sleep(2)
      self:send(1)
    end),
    D = kam.OneShot "d", B = kam.PassThrough(), C = kit.into(list), linkages = { "D -> B", "B -> null" },
  }
  kit.runs(kam.main(function(self)
    self:addChildren(g)
    self:sleep(1)
    kit.has(kit.refused(function() g:link "A -> C -> X" end), "E0102", '"X"')
    kit.has(kit.refused(function() g:link "A, D -> C" end), "E0105", "D.outbox")
    kit.has(kit.refused(function() g:link "A -> null -> C" end), "E0115", "null")
    g:link "A -> C"
    self:sleep(2)
  end))
  assert.same({ 1 }, list)
end)
