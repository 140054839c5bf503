-- GzipCompress, GzipDecompress, ZstdCompress, ZstdDecompress: against the commands.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"
local library = require "kam.library"

after_each(kit.settled)

local formats = {
  { name = "gzip", pack = "GzipCompress", unpack = "GzipDecompress", to = "gzip -c", from = "gzip -dc",
    unit = "gzip member", best = 9 },
  { name = "zstd", pack = "ZstdCompress", unpack = "ZstdDecompress", to = "zstd -qc", from = "zstd -dqc",
    unit = "zstd frame", best = 19 },
}

-- Texts of several kinds, small and larger than a buffer.
local inputs = {
  ["nothing"] = "",
  ["one byte"] = "x",
  ["a text"] = ("the quick brown fox\n"):rep(100),
  ["zeros"] = ("\0"):rep(300000),
  ["noise"] = cuts.noise(200000),
  ["four letters"] = cuts.noise(500000, 4),
}

for _, format in ipairs(formats) do
  local pack, unpack = kam[format.pack], kam[format.unpack]

  describe(format.pack, function()
    for name, text in pairs(inputs) do
      it("makes of " .. name .. " what " .. format.name .. " reads", function()
        local packed = cuts.bytes(pack(), cuts.pieces(text, 70000))
        local out, ok = cuts.command(format.from, packed)
        assert.is_true(ok)
        assert.is_true(out == text)
      end)
    end

    it("makes the same of the same bytes however they are cut", function()
      local text = inputs["a text"]:sub(1, 90)
      cuts.same(text, function() return pack() end, cuts.bytes)
    end)

    it("makes less of them at a higher level", function()
      local text = cuts.read(library.root .. "/README.md")
      assert.is_true(#cuts.bytes(pack { level = format.best }, { text }) < #cuts.bytes(pack { level = 1 }, { text }))
    end)

    it("lets each message be read at once with flush", function()
      local h <close> = kam.handle(kam.Pipeline { pack { flush = true }, unpack() })
      for _, text in ipairs { "one", "two", ("three"):rep(50000) } do
        h:put(text)
        local got = ""
        while #got < #text do got = got .. h:get() end
        assert.is_true(got == text)
      end
    end)

    it("refuses a level that there is not", function()
      kit.has(kit.refused(pack, { level = 99 }), "E0208", "level")
    end)

    it("refuses what is no string", function()
      local ok, _, text = kit.run(kam.Pipeline { kam.DataSource { 1 }, pack(), kam.NullSink() })
      assert.is_nil(ok)
      kit.has(text, format.pack)
    end)
  end)

  describe(format.unpack, function()
    local function packed(text) return (cuts.command(format.to, text)) end

    for name, text in pairs(inputs) do
      it("reads " .. name .. " as " .. format.name .. " writes it", function()
        assert.is_true(cuts.bytes(unpack(), cuts.pieces(packed(text), 70000)) == text)
      end)
    end

    it("gives the same however the file is cut", function()
      local text = packed "hello, world" .. packed "" .. packed(("x"):rep(500))
      assert.equal("hello, world" .. ("x"):rep(500), cuts.same(text, function() return unpack() end, cuts.bytes))
    end)

    it("says that a file is cut off, wherever", function()
      local text = packed "hello, world"
      for i = 0, #text - 1 do
        kit.has(cuts.fails(unpack(), { text:sub(1, i) }), "E0651", "ends too early")
      end
    end)

    it("says so also of a file after a whole one", function()
      local text = packed "one"
      kit.has(cuts.fails(unpack(), { text .. text:sub(1, -2) }), "E0651")
    end)

    it("finds a changed byte, wherever it matters", function()
      local text = packed(inputs["a text"])
      for i = format.name == "gzip" and 11 or 7, #text do
        local changed = text:sub(1, i - 1) .. string.char(text:byte(i) ~ 1) .. text:sub(i + 1)
        local ok, out = pcall(cuts.bytes, unpack(), { changed })
        assert(not ok or out == inputs["a text"], "byte " .. i)
      end
    end)

    it("refuses what is another format", function()
      kit.has(cuts.fails(unpack(), { "hello, this is plain text" }), "E0650", "no " .. format.name)
    end)

    it("refuses other bytes after the last " .. format.unit, function()
      local text = packed "hello"
      local make = function() return unpack() end
      kit.has(cuts.same(text .. "junk, some of it", make, cuts.bytes).failed, "E0652", #text)
    end)

    it("sends what was whole before it fails", function()
      local h <close> = kam.handle(unpack())
      kit.said(function()
        h:put(packed "whole" .. "junk, some of it")
        assert.equal("whole", h:get())
        assert.is_nil(h:get())
      end)
    end)

    it("stops at its limit, and not before", function()
      local text = ("x"):rep(1000)
      assert.equal(text, cuts.bytes(unpack { limit = 1000 }, { packed(text) }))
      kit.has(cuts.fails(unpack { limit = 999 }, { packed(text) }), "E0653", "999 bytes", "limit")
    end)

    it("stops at its ratio", function()
      local bomb = packed(("\0"):rep(4000000))
      kit.has(cuts.fails(unpack { ratio = 100 }, { bomb }), "E0653", "100", "ratio")
      assert.equal(4000000, #cuts.bytes(unpack { ratio = 100000 }, { bomb }))
    end)

    it("reads no further than its receiver takes", function()
      local h <close> = kam.handle(unpack())
      h:put(packed(("\0"):rep(50000000)))
      assert.equal(65536, #h:get())
      h:stop()
    end)

    it("ends when it is told to, in the middle of a file", function()
      local h <close> = kam.handle(unpack())
      h:put(packed(("\0"):rep(50000000)))
      h:get()
      h:stop()
      while h:get() do end
    end)
  end)
end

describe("GzipDecompress", function()
  it("says the same of what is no gzip however it is cut", function()
    kit.has(cuts.same(":no gzip", kam.GzipDecompress, cuts.bytes).failed, "E0650", "no gzip at byte 2")
  end)

  it("sends what came before the damage", function()
    local noise = cuts.noise(40)
    local stored = "\x1f\x8b\x08" .. ("\0"):rep(7) .. "\0" .. string.pack("<I2I2", 40, 0xffff - 40) .. noise
    local h <close> = kam.handle(kam.GzipDecompress())
    kit.said(function()
      h:put(stored .. "\6") -- a block of a kind that is none
      assert.equal(noise, h:get())
      assert.is_nil(h:get())
    end)
  end)

  it("passes over zero bytes after the last member", function()
    local text = cuts.command("gzip -c", "hello") .. ("\0"):rep(20)
    assert.equal("hello", cuts.same(text, kam.GzipDecompress, cuts.bytes))
  end)

  it("refuses a member after zero bytes", function()
    local member = cuts.command("gzip -c", "hello")
    kit.has(cuts.fails(kam.GzipDecompress(), { member .. "\0\0" .. member }), "E0652", #member + 2)
  end)
end)

describe("ZstdDecompress", function()
  it("passes over frames that are to be skipped", function()
    local frame = cuts.command("zstd -qc", "hello")
    local skipped = "\x50\x2a\x4d\x18" .. string.pack("<I4", 3) .. "abc"
    assert.equal("hello", cuts.same(skipped .. frame .. skipped, kam.ZstdDecompress, cuts.bytes))
  end)
end)
