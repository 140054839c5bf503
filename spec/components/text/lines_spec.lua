-- LineSplit and LineJoin.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local function split(given) return function() return kam.LineSplit(given) end end

describe("LineSplit", function()
  it("gives the same lines however the bytes are cut", function()
    assert.same({ "to", "", "be or", " not" }, cuts.same("to\n\nbe or\n not\n", split()))
  end)

  it("gives the last line without an end, and no empty one behind the last end", function()
    assert.same({ "a", "b" }, cuts.same("a\nb", split()))
    assert.same({ "a", "" }, cuts.same("a\n\n", split()))
    assert.same({}, kam.try(kam.LineSplit(), {}))
    assert.same({}, kam.try(kam.LineSplit(), { "" }))
  end)

  it("keeps zero bytes and a lone carriage return", function()
    assert.same({ "a\r", "b\0c", "\rd" }, cuts.same("a\r\nb\0c\n\rd", split()))
  end)

  it("takes a carriage return before the end with crlf, and only one", function()
    assert.same({ "a", "b\rc", "d\r", "", "e\r" },
      cuts.same("a\r\nb\rc\nd\r\r\n\r\ne\r", split { crlf = true }))
  end)

  it("takes lines as long as its limit, and says of a longer one that it is", function()
    assert.same({ "1234", "56" }, cuts.same("1234\n56", split(4)))
    assert.same({ "1234", "5" }, cuts.same("1234\r\n5", split { 4, crlf = true }))
    for _, text in ipairs { "12345\n", "12345", "1\n12345678", "1234567\n" } do
      for _, given in ipairs { { 4 }, { 4, crlf = true } } do
        assert.matches("a line is longer than 4 bytes %(its option limit%)",
          cuts.same(text, split(given), function(c, list)
            return cuts.fails(c, list):match "a line[^\n]*"
          end))
      end
    end
  end)

  it("sends a longer one to error if that is linked, and reads on behind it", function()
    local function take(c, list)
      local out = {}
      kam.run(kam.Graphline { SRC = kam.DataSource(list), SPLIT = c,
        LINES = kam.each(function(line) out[#out + 1] = line end),
        WRONG = kam.each(function(wrong) out[#out + 1] = { wrong.text, wrong.error } end),
        linkages = { "SRC -> SPLIT -> LINES", "SPLIT.error -> WRONG" } })
      return out
    end
    local function sorted(c, list)
      local lines, wrong = {}, {}
      for _, m in ipairs(take(c, list)) do table.insert(type(m) == "table" and wrong or lines, m) end
      return { lines, wrong }
    end
    for _, given in ipairs { { 4 }, { 4, crlf = true } } do
      local why = "a line is longer than 4 bytes (its option limit)"
      assert.same({ { "1", "23", "4567" }, { { "1234", why }, { "abcd", why }, { "wxyz", why } } },
        cuts.same("1\n12345\n23\nabcdefghijk\n4567\nwxyzabc", split(given), sorted))
    end
  end)
end)

describe("LineJoin", function()
  it("puts ends on, which LineSplit takes off again", function()
    assert.same({ "a\n", "\n", "b\n" }, kam.try(kam.LineJoin(), { "a", "", "b" }))
    local there = kam.Pipeline { kam.LineJoin "\r\n", kam.LineSplit { crlf = true } }
    assert.same({ "a", "", "b\r" }, kam.try(there, { "a", "", "b\r" }))
  end)
end)
