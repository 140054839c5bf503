-- Framer, DeFramer and RecoverOrder.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- What RecoverOrder gives for these numbers, as numbers.
local function recovered(given, numbers)
  local list = {}
  for i, n in ipairs(numbers) do list[i] = { n } end
  local out = kam.try(kam.RecoverOrder(given), list)
  for i, msg in ipairs(out) do out[i] = msg[1] end
  return out
end

it("a frame comes back as tag and data, whatever bytes the data are", function()
  local list = { { "1", "" }, { "a:b", "x\ny 3\n\0" }, { "-7", "1 2\n" } }
  assert.same(list, kam.try(kam.Pipeline { kam.Framer(), kam.DeFramer() }, list))
  assert.same({ "12 2\nab" }, kam.try(kam.Framer(), { { 12, "ab" } }))
end)

it("what cannot be framed is an error", function()
  assert.matches("is no tag", cuts.fails(kam.Framer(), { { "a b", "x" } }))
  assert.matches("is no tag", cuts.fails(kam.Framer(), { { "", "x" } }))
  assert.matches("not a string", cuts.fails(kam.Framer(), { { 1 } }))
end)

it("a frame that is short, long or none is an error, and not dropped", function()
  assert.matches("frame 1 says 3 bytes of data and has 2", cuts.fails(kam.DeFramer(), { "1 3\nab" }))
  assert.matches("frame 2 says 1 bytes of data and has 2", cuts.fails(kam.DeFramer(), { "1 0\n", "1 1\nab" }))
  assert.matches("message 1 is no frame", cuts.fails(kam.DeFramer(), { "hello" }))
end)

it("numbers come in order, each once, and all that are held at the end", function()
  assert.same({ 0, 1, 2, 3, 4 }, recovered({ 2 }, { 1, 0, 2, 1, 4, 3 }))
  assert.same({ 3, 4 }, recovered({ 5 }, { 4, 3 }))
  assert.same({}, recovered({}, {}))
end)

it("numbers go round, and many times", function()
  assert.same({ 14, 15, 0, 1 }, recovered({ 3, modulus = 16 }, { 15, 14, 1, 0 }))
  local sent, wanted = {}, {}
  for i = 0, 99 do
    wanted[i + 1] = i % 16
    sent[(i ~ 1) + 1] = i % 16
  end
  assert.same(wanted, recovered({ 3, modulus = 16 }, sent))
end)

it("what comes too late is dropped, and a gap does not hold up what follows", function()
  assert.same({ 5, 7, 8, 9 }, recovered({ 1 }, { 5, 7, 8, 5, 9 }))
end)

it("what lacks in several places is waited for at the same time", function()
  local begun, last = kam.now(), nil
  local said = kit.said(function()
    kam.run(kam.Pipeline {
      kam.main(function(self)
        for n = 0, 20, 2 do self:send { n } end
        self:sleep(10)
      end),
      kam.RecoverOrder { 100, seconds = 1 }, kam.each(function() last = kam.now() - begun end),
    })
  end)
  assert.is_true(last >= 1 and last < 1.1, last)
  kit.has(said, "W0014")
end)

it("what has no number, or one too large, is an error", function()
  for _, n in ipairs { "x", -1, 1.5, 65536 } do
    assert.matches("is no number from 0 to 65535", cuts.fails(kam.RecoverOrder(), { { n } }))
  end
  assert.has_error(function() kam.RecoverOrder { 5, modulus = 16 } end)
end)
