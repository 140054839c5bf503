-- The spec of MiniAxon's step 5: kam test docs/tutorial/miniaxon/5
local kam = require "kam"
local Scheduler = require "docs.tutorial.miniaxon.solutions.scheduler"
local step = require "docs.tutorial.miniaxon.step"

-- Components of the library as they are, with what each is given.
local cases = {
  { "PassThrough", {}, { 1, 2, 3 } },
  { "Collate", {}, { 1, 2, 3 } },
  { "FirstOnly", {}, { "a", "b" } },
  { "Count", {}, { "a", "b", "c" } },
  { "Max", {}, { { 3, 9, 2 }, { 1 } } },
  { "UnseenOnly", {}, { "a", "b", "a", "c", "b" } },
  { "TagWithSequenceNumber", {}, { "a", "b" } },
  { "LineSplit", {}, { "to\nbe o", "r not", "\nto be" } },
}

-- All orders of a list.
local function orders(list)
  if #list == 0 then return { {} } end
  local all = {}
  for i, first in ipairs(list) do
    local rest = table.move(list, 1, #list, 1, {})
    table.remove(rest, i)
    for _, order in ipairs(orders(rest)) do
      table.insert(order, 1, first)
      all[#all + 1] = order
    end
  end
  return all
end

describe("on MiniAxon", function()
  local Living = step(5, "living")

  -- What a source, the component and a collector give, activated in this order.
  local function run(middle, source, order)
    local ends = Living.new(kam.Collate)
    local all = { source, middle, ends, Living.link(source, middle), Living.link(middle, ends) }
    local scheduler = Scheduler.new()
    for _, i in ipairs(order) do scheduler:activate(all[i]) end
    assert.is_true(scheduler:run(1000), "it does not come to an end")
    return ends.boxes.outbox[1]
  end

  for _, case in ipairs(cases) do
    local name, options, messages = table.unpack(case)
    it(name .. " does what it does on Kamaelua, in any order of activation", function()
      local wanted = kam.try(kam[name](options), messages)
      for _, order in ipairs(orders { 1, 2, 3, 4, 5 }) do
        local source = Living.new(kam.DataSource, { items = messages })
        assert.same(wanted, run(Living.new(kam[name], options), source, order))
      end
    end)
  end

  it("OneShot sends its message", function()
    local source = Living.new(kam.OneShot, { msg = "hello" })
    assert.same({ "hello" }, run(Living.new(kam.PassThrough), source, { 1, 2, 3, 4, 5 }))
  end)

  it("two may feed one, which ends when both have ended", function()
    local a, b = Living.new(kam.DataSource, { items = { 1, 2 } }), Living.new(kam.OneShot, { msg = 3 })
    local ends, scheduler = Living.new(kam.Collate), Scheduler.new()
    for _, p in ipairs { ends, b, Living.link(b, ends), a, Living.link(a, ends) } do
      scheduler:activate(p)
    end
    assert.is_true(scheduler:run(1000))
    table.sort(ends.boxes.outbox[1])
    assert.same({ 1, 2, 3 }, ends.boxes.outbox[1])
  end)
end)
