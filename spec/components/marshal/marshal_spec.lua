-- Marshaller and DeMarshaller: values there and back, the bytes that MessagePack says,
-- and nothing of what comes from outside trusted.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local function marshal(v) return kam.try(kam.Marshaller(), { v })[1] end

-- A frame of bytes that are given as hex digits, with spaces.
local function frame(hex)
  local bytes = hex:gsub("%s", ""):gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end)
  return string.pack(">s4", bytes)
end

local function reader(given)
  return function() return kam.DeMarshaller(given) end
end

local function fails(bytes, given) return cuts.same(bytes, reader(given)).failed or "it did not fail" end

local function nested(n)
  local t = {}
  for _ = 2, n do t = { t } end
  return t
end

-- Values and their bytes, as the specification of MessagePack has them.
local both = {
  { kam.null, "c0" }, { false, "c2" }, { true, "c3" },
  { 0, "00" }, { 127, "7f" }, { 128, "cc 80" }, { 255, "cc ff" }, { 256, "cd 0100" }, { 65535, "cd ffff" },
  { 65536, "ce 00010000" }, { 4294967295, "ce ffffffff" }, { 4294967296, "cf 0000000100000000" },
  { math.maxinteger, "cf 7fffffffffffffff" }, { -1, "ff" }, { -32, "e0" }, { -33, "d0 df" }, { -128, "d0 80" },
  { -129, "d1 ff7f" }, { -32768, "d1 8000" }, { -32769, "d2 ffff7fff" }, { -2147483648, "d2 80000000" },
  { -2147483649, "d3 ffffffff7fffffff" }, { math.mininteger, "d3 8000000000000000" },
  { 0.0, "cb 0000000000000000" }, { -0.0, "cb 8000000000000000" }, { 1.5, "cb 3ff8000000000000" },
  { 1 / 0, "cb 7ff0000000000000" }, { 1.0, "cb 3ff0000000000000" },
  { "", "a0" }, { "a", "a1 61" }, { "é", "a2 c3a9" }, { "a\0", "a2 6100" },
  { ("x"):rep(31), "bf" .. ("78"):rep(31) }, { ("x"):rep(32), "d9 20" .. ("78"):rep(32) },
  { ("x"):rep(256), "da 0100" .. ("78"):rep(256) }, { "\xff", "c4 01 ff" }, { "\xed\xa0\x80", "c4 03 eda080" },
  { ("\xff"):rep(256), "c5 0100" .. ("ff"):rep(256) },
  { {}, "90" }, { { 1, "a", kam.null }, "93 01 a161 c0" }, { { {}, { {} } }, "92 90 91 90" },
  { { a = 1 }, "81 a161 01" }, { { b = { c = {} }, a = true }, "82 a161 c3 a162 81 a163 90" },
  { { "x", y = 2 }, "82 01 a178 a179 02" }, { { [3] = 1, [-1] = 2 }, "82 ff 02 03 01" },
  { { ["\xff"] = 1 }, "81 c401ff 01" }, { nested(32), ("91"):rep(31) .. "90" },
}
do
  local list, hex = {}, "dc 0010"
  for i = 1, 16 do
    list[i] = i
    hex = hex .. ("%02x"):format(i)
  end
  both[#both + 1] = { list, hex }
end

describe("a Marshaller and a DeMarshaller", function()
  for i, case in ipairs(both) do
    it(("write and read %s (%d)"):format(kam.show(case[1]):sub(1, 30), i), function()
      local bytes = frame(case[2])
      assert.equal(bytes, marshal(case[1]))
      local got = cuts.same(bytes, reader())
      assert.same({ case[1] }, got)
      assert.equal(math.type(case[1]), math.type(got[1]))
      if case[1] == 0 then assert.equal(tostring(case[1]), tostring(got[1])) end
    end)
  end

  it("write and read a number that is none", function()
    local got = kam.try(kam.DeMarshaller(), { marshal(0 / 0) })[1]
    assert.is_true(got ~= got)
  end)

  it("carry one value after the other, in any cut", function()
    local values, bytes = {}, {}
    for i, case in ipairs(both) do
      if #case[2] < 40 then values[#values + 1] = case[1] end
      bytes[i] = #case[2] < 40 and marshal(case[1]) or ""
    end
    assert.same(values, cuts.same(table.concat(bytes), reader()))
  end)

  it("carry what is long", function()
    local rows = {}
    for i = 1, 20000 do rows[i] = { id = i, name = "row " .. i, weight = i / 3 } end
    local long = { rows = rows, text = ("é"):rep(70000) }
    assert.same({ long }, kam.try(kam.Pipeline { kam.Marshaller(), kam.Chunker(1000), kam.DeMarshaller() }, { long }))
  end)
end)

describe("Marshaller", function()
  local never = {
    ["a function"] = { print, "function" },
    ["a function in a table"] = { { print }, "function" },
    ["a key that is a fraction"] = { { [1.5] = 1 }, "key" },
    ["more than 32 tables in one another"] = { nested(33), "32" },
    ["more than 64 tables in one another"] = { nested(65), "32" },
  }
  for what, case in pairs(never) do
    it("refuses " .. what, function()
      kit.has(cuts.fails(kam.Marshaller(), { 1, case[1] }), "Marshaller", "E0659", "message 2", case[2])
    end)
  end

  it("refuses what becomes longer than its limit", function()
    assert.equal(4 + 10, #kam.try(kam.Marshaller(10), { "123456789" })[1])
    kit.has(cuts.fails(kam.Marshaller(10), { "1234567890" }), "E0658", "message 1", "11 bytes", "more than 10")
  end)
end)

describe("DeMarshaller", function()
  it("reads what other programs may write, too", function()
    for hex, wanted in pairs {
      ["ca 3fc00000"] = 1.5, ["d2 00000001"] = 1, ["cf 0000000000000001"] = 1, ["da 0001 61"] = "a", ["db 00000001 61"] = "a",
      ["c6 00000001 61"] = "a", ["dc 0001 01"] = { 1 }, ["dd 00000001 01"] = { 1 }, ["de 0001 01 02"] = { 2 }, ["80"] = {},
      ["df 00000002 a162 01 a161 02"] = { a = 2, b = 1 }, ["82 02 01 01 02"] = { 2, 1 }, ["81 c40161 01"] = { a = 1 },
    } do
      assert.same({ wanted }, cuts.same(frame(hex), reader()), hex)
    end
  end)

  local bad = {
    { "", "too early" }, { "cc", "too early" }, { "a2 61", "too early" }, { "91", "too early" }, { "81 a161", "too early" },
    { "c4", "too early" }, { "db 0000", "too early" }, { "dd ffffffff", "too early" }, { "df ffffffff", "too early" },
    { "db ffffffff", "too early" }, { "92 01", "too early" }, { "00 00", "other bytes" }, { "90 c0", "other bytes" },
    { "c1", "never uses" }, { "91 c1", "never uses" }, { "d4 01 00", "extension" }, { "c7 00 01", "extension" },
    { "d6 ff 00000000", "extension" }, { "cf 8000000000000000", "2^63" }, { "81 cf 8000000000000000 01", "2^63" },
    { "81 c0 01", "key" }, { "81 c3 01", "key" }, { "81 90 01", "key" }, { "81 cb 3ff0000000000000 01", "key" },
    { "82 01 02 01 03", "twice" }, { "83 a161 02 a162 01 a161 03", "twice" }, { "82 a161 02 c40161 03", "twice" },
    { "91 82 01 02 01 03", "twice" }, { ("91"):rep(32) .. "90", "more than 32" }, { ("81 01"):rep(33) .. "c0", "more than 32" },
    { ("dc ffff"):rep(100), "too early" },
  }
  for i, case in ipairs(bad) do
    it(("refuses %s (%d)"):format(case[1]:sub(1, 30), i), function()
      kit.has(fails(frame "01" .. frame(case[1])), "DeMarshaller", "E0850", "value 2", case[2], "Marshaller?")
    end)
  end

  it("refuses an end in the middle of a value", function()
    local bytes = marshal "abc"
    for n = 1, 3 do kit.has(fails(bytes .. bytes:sub(1, n)), "E0850", "value 2", n .. " of 4 bytes of its length") end
    for n = 4, 7 do kit.has(fails(bytes .. bytes:sub(1, n)), "E0850", "value 2", n - 4 .. " of 4 bytes of its data") end
  end)

  it("refuses a value that is longer than its limit before it has come", function()
    assert.same({ "123456789" }, kam.try(kam.DeMarshaller(10), { marshal "123456789" }))
    kit.has(fails("\0\0\0\11", 10), "E0658", "value 1", "11 bytes", "more than 10")
    kit.has(fails "GET / HTTP/1.1\r\n", "E0658", "do the bytes come from a Marshaller?")
  end)
end)

describe("marshalling and python3", function()
  local python = kit.python "msgpack"

  -- Random values: as frames of MessagePack, and as JSON.
  local maker = [[
import base64, json, msgpack, random, struct, sys
r = random.Random(11)
def text(): return ''.join(r.choice('ab\x00 é€😀') for _ in range(r.randrange(40)))
def value(d):
    k = r.randrange(9 if d < 5 else 7)
    if k == 0: return None
    if k == 1: return r.random() < .5
    if k == 2: return r.randrange(-2**63, 2**63) >> r.randrange(64)
    if k == 3: return r.uniform(-1, 1) * 10.0 ** r.randrange(-300, 300)
    if k < 7: return text()
    if k == 7: return [value(d + 1) for _ in range(r.randrange(20))]
    return {text().replace('\x00', '0'): value(d + 1) for _ in range(1, r.randrange(2, 5))}
values = [value(0) for _ in range(400)]
frames = b''.join(struct.pack('>I', len(b)) + b for b in map(msgpack.packb, values))
print(base64.b64encode(frames).decode())
print(json.dumps(values))
]]

  it("agree about 400 random values, there and back", function()
    if not python then pending "needs python3 with msgpack" return end
    local text, json = cuts.command(python .. " -", maker):match "^(.-)\n(.*)$"
    local bytes = cuts.bytes(kam.Base64Decode(), { text })
    local wanted = kam.try(kam.JSONDecode(), { json })[1]
    assert.equal(400, #wanted)
    assert.same(wanted, kam.try(kam.DeMarshaller(), cuts.pieces(bytes, 1000)))
    local again = cuts.bytes(kam.Marshaller(), wanted)
    local theirs = cuts.command(python .. [[ -c '
import base64, json, msgpack, struct, sys
text, wanted = sys.stdin.read().split("\n", 1)
data, at, values = base64.b64decode(text), 0, []
while at < len(data):
    n, = struct.unpack_from(">I", data, at)
    values.append(msgpack.unpackb(data[at + 4:at + 4 + n], strict_map_key=False))
    at += 4 + n
def same(a, b):
    if isinstance(a, dict) and isinstance(b, list): return not a and not b
    if isinstance(a, dict): return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list): return len(a) == len(b) and all(map(same, a, b))
    return type(a) == type(b) and a == b
print(same(json.loads(wanted), values))']], cuts.bytes(kam.Base64Encode(), { again }) .. "\n" .. json)
    assert.equal("True\n", theirs)
  end)
end)
