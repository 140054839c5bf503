-- Functions as components: map, filter, each, source and main.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

describe("kam.map", function()
  it("sends on what its function gives", function()
    assert.same({ "A", "B" }, kam.try(kam.map(string.upper), { "a", "b" }))
  end)

  it("keeps the first value only", function()
    assert.same({ "b" }, kam.try(kam.map(function(s) return s:gsub("a", "b") end), { "a" }))
  end)

  it("sends false", function() assert.same({ false }, kam.try(kam.map(function() return false end), { 1 })) end)

  it("refuses nil: a return was forgotten", function()
    local ok, _, text = kit.run(kam.Pipeline {
      kam.DataSource { "a", "b" }, kam.map(function(s) if s == "a" then return s end end), kam.NullSink(),
    })
    assert.is_nil(ok)
    kit.has(text, "E0501", "gave nothing for message 2", "`return`", "kam.filter",
      "it was handling message 2: \"b\"", "made at spec/lua/function_spec.lua:")
  end)

  it("that fails is reported with its line and the message", function()
    local ok, _, text = kit.run(kam.Pipeline {
      kam.DataSource { { x = 1 } }, kam.map(function(m) return m.y.z end), kam.NullSink(),
    })
    assert.is_nil(ok)
    kit.has(text, "E0400", "map", "failed at", "function_spec.lua:", "field 'y'",
      "it was handling message 1: { x = 1 }")
  end)

  it("takes what can be called", function()
    local callable = setmetatable({}, { __call = function(_, x) return x + 1 end })
    assert.same({ 2 }, kam.try(kam.map(callable), { 1 }))
  end)

  it("waits while the receiver has no room", function()
    local got = {}
    kit.runs(kam.Graphline {
      A = kit.count(1000), B = kam.map(function(x) return x end), C = kam.main(function(self)
        self:sleep(1)
        for m in self:messages() do got[#got + 1] = m end
      end),
      linkages = { "A -> B", { "B -> C", limit = 3 } },
    })
    assert.same(kit.numbers(1000), got)
  end)
end)

describe("kam.filter", function()
  it("sends on what its function says yes to", function()
    assert.same({ 2, 4 }, kam.try(kam.filter(function(x) return x % 2 == 0 end), { 1, 2, 3, 4 }))
  end)

  it("sends the message itself, and takes any value that is true", function()
    local t = {}
    assert.is_true(rawequal(t, kam.try(kam.filter(function() return 0 end), { t })[1]))
  end)

  it("takes nil for no", function() assert.same({}, kam.try(kam.filter(function() end), { 1, 2 })) end)
end)

describe("kam.each", function()
  it("calls its function with each message", function()
    local got = {}
    kit.runs(kam.Pipeline { kam.DataSource { 1, false, "x" }, kam.each(function(m) got[#got + 1] = m end) })
    assert.same({ 1, false, "x" }, got)
  end)

  it("has no outbox", function()
    kit.has(kit.refused(function()
      local g = kam.Graphline { A = kam.each(print), B = kam.NullSink(), linkages = { "A -> B" } }
      return g
    end), "A (each) has no outbox")
  end)
end)

describe("kam.source", function()
  it("sends what its iterator gives, until nil", function()
    assert.same({ 1, 2, 3 }, kam.try(kit.count(3)))
    assert.same({ "a", "b" }, kam.try(kam.source(("a b"):gmatch "%a")))
  end)

  it("sends false", function()
    local list = { true, false, true }
    local i = 0
    assert.same(list, kam.try(kam.source(function()
      i = i + 1
      return list[i]
    end)))
  end)

  it("reads no further than its receiver takes", function()
    local read = 0
    kit.runs(kam.Pipeline {
      kam.source(function()
        read = read + 1
        return read
      end),
      kam.main(function(self)
        self:sleep(1)
        assert.is_true(read <= 257, "read: " .. read)
        self:recv()
      end),
    })
    assert.is_true(read < 1000)
  end)

  it("takes a coroutine.wrap as its iterator", function()
    assert.same({ 1, 2 }, kam.try(kam.source(coroutine.wrap(function()
      coroutine.yield(1)
      coroutine.yield(2)
    end))))
  end)
end)

describe("kam.main", function()
  it("is a whole main", function()
    assert.same({ 6 }, kam.try(kam.main(function(self)
      local sum = 0
      for n in self:messages() do sum = sum + n end
      self:send(sum)
    end), { 1, 2, 3 }))
  end)
end)

describe("a function that is none", function()
  for _, name in ipairs { "map", "filter", "each", "source", "main" } do
    it("is refused by kam." .. name, function()
      kit.has(kit.refused(function()
        local c = kam[name](nil)
        return c
      end), "E0222", ("kam.%s needs a function, got nil"):format(name), "function_spec.lua:")
      kit.has(kit.refused(function()
        local c = kam[name] "x"
        return c
      end), "E0222", "got the string")
    end)
  end
end)
