-- Hash, Base64Encode, Base64Decode, HexEncode, HexDecode: against other programs.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local noise = cuts.noise(100001)

describe("Hash", function()
  for _, algorithm in ipairs { "md5", "sha1", "sha224", "sha256", "sha384", "sha512" } do
    it("gives the " .. algorithm .. " that the command gives", function()
      local wanted = cuts.command(algorithm .. "sum", noise):match "^%x+"
      assert.same({ wanted }, kam.try(kam.Hash(algorithm), cuts.pieces(noise, 70000)))
    end)
  end

  -- The digests of "abc" in FIPS 202 and RFC 7693.
  it("knows sha3 and blake2", function()
    local known = {
      ["sha3-256"] = "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
      ["blake2s256"] = "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
    }
    for algorithm, digest in pairs(known) do
      assert.same({ digest }, kam.try(kam.Hash(algorithm), { "abc" }))
    end
  end)

  it("gives one digest of all, however it is cut", function()
    assert.same(kam.try(kam.Hash(), { "hello, world" }), cuts.same("hello, world", function() return kam.Hash() end))
  end)

  it("gives the digest of nothing", function()
    assert.same({ "d41d8cd98f00b204e9800998ecf8427e" }, kam.try(kam.Hash "md5", {}))
  end)

  it("gives one of each message with each", function()
    local one = kam.try(kam.Hash(), { "one" })[1]
    assert.same({ one, one, kam.try(kam.Hash(), {})[1] }, kam.try(kam.Hash { each = true }, { "one", "one", "" }))
  end)

  -- RFC 4231, test case 2.
  it("makes an HMAC with a key", function()
    assert.same({ "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
      kam.try(kam.Hash { "sha256", key = "Jefe" }, { "what do ya want ", "for nothing?" }))
    assert.equal(2, #kam.try(kam.Hash { "sha256", key = "Jefe", each = true }, { "a", "b" }))
  end)

  it("gives bytes on request", function()
    local hex = kam.try(kam.Hash(), { "x" })[1]
    local bytes = kam.try(kam.Hash { form = "bytes" }, { "x" })[1]
    assert.equal(hex, (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end)))
  end)

  it("refuses an algorithm that it does not know", function()
    kit.has(kit.refused(kam.Hash, "sha255"), "E0208", "sha256")
  end)
end)

describe("Base64Encode", function()
  it("writes what the command base64 writes", function()
    for n = 0, 20 do
      local wanted = cuts.command("base64 -w0", noise:sub(1, n))
      assert.equal(wanted, cuts.bytes(kam.Base64Encode(), { noise:sub(1, n) }))
    end
    assert.is_true(cuts.command("base64 -w0", noise) == cuts.bytes(kam.Base64Encode(), cuts.pieces(noise, 30001)))
  end)

  it("writes the same however the bytes are cut", function()
    cuts.same(noise:sub(1, 40), function() return kam.Base64Encode() end, cuts.bytes)
  end)

  it("writes each message by itself with each, also an empty one", function()
    assert.same({ "YQ==", "", "YWI=" }, kam.try(kam.Base64Encode { each = true }, { "a", "", "ab" }))
  end)

  it("has letters that fit into a URL", function()
    assert.equal("-_-_", cuts.bytes(kam.Base64Encode { url = true }, { "\xfb\xff\xbf" }))
    assert.equal("_w", cuts.bytes(kam.Base64Encode { url = true }, { "\xff" }))
  end)
end)

describe("Base64Decode", function()
  local function decode(text, given) return cuts.bytes(kam.Base64Decode(given), { text }) end

  it("reads what the command base64 writes", function()
    for n = 0, 20 do
      local text = cuts.command("base64", noise:sub(1, n))
      assert.equal(noise:sub(1, n), decode(text, { spaces = true }))
    end
    local text = cuts.command("base64 -w0", noise)
    assert.is_true(noise == cuts.bytes(kam.Base64Decode(), cuts.pieces(text, 40001)))
  end)

  it("reads the same however it is cut", function()
    assert.equal("hello, world", cuts.same("aGVsbG8sIHdvcmxk", function() return kam.Base64Decode() end, cuts.bytes))
    assert.equal("hello!!", cuts.same("aGVsbG8hIQ==", function() return kam.Base64Decode() end, cuts.bytes))
  end)

  it("reads what Base64Encode writes for URLs", function()
    for n = 0, 20 do
      local text = cuts.bytes(kam.Base64Encode { url = true }, { noise:sub(1, n) })
      assert.equal(noise:sub(1, n), decode(text, { url = true }))
    end
  end)

  local wrong = {
    ["a character that it has not"] = "aGV*",
    ["a space"] = "aGVs bG8=",
    ["an end of line"] = "aGVs\n",
    ["one character of four"] = "aGVsb",
    ["two, and no ="] = "aGVsbG",
    ["one = of two"] = "aGVsbA=",
    ["= alone"] = "====",
    ["= after one character"] = "a===",
    ["a character after ="] = "aG=s",
    ["text after the end"] = "aGVsbG8=aGVs",
    ["bits left over after one byte"] = "YR==",
    ["bits left over after two"] = "YWJ=",
    ["letters for URLs"] = "-_-_",
    ["a zero byte"] = "aG\0s",
  }
  for what, text in pairs(wrong) do
    it("refuses " .. what, function()
      kit.has(cuts.same(text, function() return kam.Base64Decode() end, cuts.bytes).failed, "E0655", "character")
    end)
  end

  it("sends what came before the wrong character", function()
    local h <close> = kam.handle(kam.Base64Decode())
    kit.said(function()
      h:put "aGVsbG8h*"
      assert.equal("hello!", h:get())
      assert.is_nil(h:get())
    end)
  end)

  it("refuses = and letters that are not for URLs, where they are", function()
    kit.has(cuts.fails(kam.Base64Decode { url = true }, { "_w==" }), "E0655")
    kit.has(cuts.fails(kam.Base64Decode { url = true }, { "+/+/" }), "E0655")
  end)

  it("decodes each message with each, and names the wrong one", function()
    assert.same({ "a", "", "ab" }, kam.try(kam.Base64Decode { each = true }, { "YQ==", "", "YWI=" }))
    kit.has(cuts.fails(kam.Base64Decode { each = true }, { "YQ==", "YQ" }), "E0655", "message 2")
  end)
end)

describe("HexEncode", function()
  it("writes what the command xxd or od writes", function()
    local wanted = cuts.command("od -An -v -tx1 | tr -d ' \\n'", noise)
    assert.is_true(wanted == cuts.bytes(kam.HexEncode(), cuts.pieces(noise, 40000)))
  end)

  it("writes capitals on request", function()
    assert.equal("AB01", cuts.bytes(kam.HexEncode { upper = true }, { "\xab\1" }))
  end)
end)

describe("HexDecode", function()
  local make = function() return kam.HexDecode() end

  it("reads digits of either case, however they are cut", function()
    assert.equal("\xab\xcd\xef\x01", cuts.same("abCDeF01", make, cuts.bytes))
  end)

  it("reads what HexEncode writes", function()
    assert.is_true(noise == cuts.bytes(kam.Pipeline { kam.HexEncode(), kam.HexDecode() }, { noise }))
  end)

  it("refuses other characters and half a byte, and says where", function()
    kit.has(cuts.same("ab0g", make, cuts.bytes).failed, "E0656", "character 4")
    kit.has(cuts.same("ab 01", make, cuts.bytes).failed, "E0656", "character 3")
    kit.has(cuts.same("ab0", make, cuts.bytes).failed, "E0656", "3 characters")
  end)

  it("sends what came before the wrong character", function()
    local h <close> = kam.handle(make())
    kit.said(function()
      h:put "6b6aq"
      assert.equal("kj", h:get())
      assert.is_nil(h:get())
    end)
  end)

  it("passes over spaces on request", function()
    assert.equal("\xab\1", cuts.bytes(kam.HexDecode { spaces = true }, { "a b\n0", " 1\n" }))
  end)
end)
