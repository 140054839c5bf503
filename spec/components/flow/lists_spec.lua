-- The components of components/flow that make lists of messages, or messages of
-- lists.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local function gives(wanted, c, messages)
  assert.same(wanted, kam.try(c, messages))
end

describe("Sort", function()
  it("sorts numbers and strings", function()
    gives({ 1, 2, 2.5, 10 }, kam.Sort(), { 10, 2.5, 1, 2 })
    gives({ "B", "a", "b" }, kam.Sort(), { "b", "a", "B" })
    gives({}, kam.Sort(), {})
  end)

  it("sorts by a field or a function, either way", function()
    local a, b, c = { n = 1 }, { n = 2 }, { n = 3 }
    gives({ a, b, c }, kam.Sort "n", { c, a, b })
    gives({ "ccc", "bb", "a" }, kam.Sort { function(s) return #s end, descending = true },
      { "bb", "ccc", "a" })
    gives({ { 1, "x" }, { 2, "y" } }, kam.Sort(1), { { 2, "y" }, { 1, "x" } })
  end)

  it("keeps the order of those that are alike, either way", function()
    for _, descending in ipairs { false, true } do
      local list, wanted = {}, {}
      for i = 1, 200 do list[i] = { key = i % 2, i } end
      for _, key in ipairs(descending and { 1, 0 } or { 0, 1 }) do
        for _, item in ipairs(list) do
          if item.key == key then wanted[#wanted + 1] = item end
        end
      end
      gives(wanted, kam.Sort { "key", descending = descending }, list)
    end
  end)

  it("says which message it cannot compare", function()
    kit.has(kit.refused(kam.try, kam.Sort(), { 1, "a" }), "message 2 cannot be compared", "others: a")
    kit.has(kit.refused(kam.try, kam.Sort "n", { { n = 1 }, {} }), "message 2")
    kit.has(kit.refused(kam.try, kam.Sort(), { 0 / 0 }), "message 1")
    kit.has(kit.refused(kam.Sort, { by = true }), "a field or a function")
  end)
end)

describe("Batch", function()
  it("sends full lists, and the rest at the end", function()
    gives({ { 1, 2 }, { 3, 4 }, { 5 } }, kam.Batch(2), { 1, 2, 3, 4, 5 })
    gives({ { 1, 2 } }, kam.Batch(2), { 1, 2 })
    gives({}, kam.Batch(2), {})
  end)

  it("sends a list that has waited long enough", function()
    local got = {}
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        self:send "a"
        self:sleep(0.6)
        self:send "b"
        self:sleep(0.6)
        self:send "c"
        self:sleep(5)
        self:send "d"
      end),
      kam.Batch { seconds = 1 },
      kam.map(function(list) return { kam.now(), list } end),
      kit.into(got),
    })
    local start = got[1][1] - 1
    for _, item in ipairs(got) do item[1] = ("%.2f"):format(item[1] - start) end
    assert.same({ { "1.00", { "a", "b" } }, { "2.20", { "c" } }, { "6.20", { "d" } } }, got)
  end)

  it("sends what it has when told to end now", function()
    local h <close> = kam.handle(kam.Batch(10))
    h:put(1)
    assert.is_nil(h:get("outbox", 1))
    h:stop()
    assert.same({ 1 }, h:get())
  end)
end)

describe("Window", function()
  it("slides", function()
    gives({ { 1, 2 }, { 2, 3 }, { 3, 4 } }, kam.Window(2), { 1, 2, 3, 4 })
    gives({ { 1 }, { 2 } }, kam.Window(1), { 1, 2 })
    gives({}, kam.Window(3), { 1, 2 })
  end)

  it("jumps, with and without a gap", function()
    gives({ { 1, 2 }, { 3, 4 } }, kam.Window { 2, 2 }, { 1, 2, 3, 4, 5 })
    gives({ { 1, 2 }, { 4, 5 } }, kam.Window { 2, 3 }, { 1, 2, 3, 4, 5, 6 })
  end)

  it("sends lists of their own", function()
    local got = kam.try(kam.Window(2), { 1, 2, 3 })
    got[1][2] = "changed"
    assert.same({ 2, 3 }, got[2])
  end)
end)

describe("Flatten", function()
  it("opens lists", function()
    gives({ 1, 2, 3, "x", { 4 } }, kam.Flatten(), { { 1, 2 }, {}, { 3 }, "x", { { 4 } } })
  end)

  it("opens lists in lists as deep as it may", function()
    gives({ 1, 2, { 3 } }, kam.Flatten(2), { { 1, { 2, { 3 } } } })
  end)

  it("sends kam.null as it is", function() gives({ kam.null }, kam.Flatten(), { { kam.null } }) end)

  it("undoes Batch", function()
    gives(kit.numbers(100), kam.Pipeline { kam.Batch(7), kam.Flatten() }, kit.numbers(100))
  end)
end)
