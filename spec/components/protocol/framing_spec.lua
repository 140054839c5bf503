-- LengthFramer, LengthDeframer and MaxSizePacketiser.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

it("messages behind their lengths come back, in every size and order, in any cut", function()
  local list = { "a", "", "\0\1", ("x"):rep(40), "" }
  for _, bits in ipairs { 8, 16, 32 } do
    for _, endian in ipairs { "big", "little" } do
      local given = { bits = bits, endian = endian }
      local bytes = cuts.bytes(kam.LengthFramer(given), list)
      assert.same(list, cuts.same(bytes, function() return kam.LengthDeframer(given) end))
    end
  end
end)

it("lengths are as Lua packs them", function()
  assert.same({ "\3\0\0\0abc" }, kam.try(kam.LengthFramer { endian = "little" }, { "abc" }))
end)

it("a message that is too long is an error on both sides", function()
  assert.matches("256 bytes is longer than 255", cuts.fails(kam.LengthFramer(8), { ("x"):rep(256) }))
  assert.matches("3 bytes is longer than 2", cuts.fails(kam.LengthFramer { limit = 2 }, { "abc" }))
  assert.matches("3 bytes is longer than 2", cuts.fails(kam.LengthDeframer { limit = 2 }, { "\0\0\0\3" }))
end)

it("an end in a message is an error", function()
  assert.matches("1 of 3 bytes of its data", cuts.fails(kam.LengthDeframer(8), { "\3a" }))
  assert.matches("1 of 2 bytes of its length", cuts.fails(kam.LengthDeframer(16), { "\0" }))
  assert.matches("0 of 3 bytes of its data", cuts.fails(kam.LengthDeframer(8), { "\3" }))
end)

it("packets are of at most their size, and messages are not joined", function()
  assert.same({ "abc", "de", "fgh", "" }, kam.try(kam.MaxSizePacketiser(3), { "abcde", "fgh", "" }))
end)
