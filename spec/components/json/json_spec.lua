-- JSONDecode and JSONEncode: what RFC 8259 allows, and nothing else.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local function decode(text) return kam.try(kam.JSONDecode(), { text })[1] end
local function encode(v, given) return kam.try(kam.JSONEncode(given), { v })[1] end
local function stream() return kam.JSONDecode { stream = true } end

local deep = ("["):rep(64) .. ("]"):rep(64)
local function nested(n)
  local t = {}
  for _ = 2, n do t = { t } end
  return t
end

-- Text and value. A value is compared with its type: 1 is no 1.0.
local good = {
  -- scalars by themselves
  { "null", kam.null }, { "true", true }, { "false", false }, { "0", 0 }, { '""', "" }, { "[]", {} }, { "{}", {} },
  { " null ", kam.null }, { "\t\r\n 1\t\r\n ", 1 },
  -- integers
  { "1", 1 }, { "-1", -1 }, { "-0", 0 }, { "10", 10 }, { "123456789", 123456789 },
  { "9223372036854775807", math.maxinteger }, { "-9223372036854775808", math.mininteger },
  { "9007199254740993", 9007199254740993 },
  -- floats
  { "1.0", 1.0 }, { "-1.5", -1.5 }, { "0.1", 0.1 }, { "1e2", 100.0 }, { "1E2", 100.0 }, { "1e+2", 100.0 },
  { "1e-2", 0.01 }, { "1.5e3", 1500.0 }, { "0e1", 0.0 }, { "0e+1", 0.0 }, { "0.0", 0.0 }, { "-0.0", -0.0 },
  { "1e308", 1e308 }, { "5e-324", 5e-324 }, { "1e-400", 0.0 },
  { "123456789012345678901234567890.0", 1.2345678901234568e29 },
  { "0.1234567890123456789012345", 0.1234567890123456789012345 }, { "1e00000000000000000001", 10.0 },
  -- strings
  { '"a"', "a" }, { '" "', " " }, { '"\\""', '"' }, { '"\\\\"', "\\" }, { '"\\/"', "/" }, { '"/"', "/" },
  { '"\\b\\f\\n\\r\\t"', "\b\f\n\r\t" }, { '"\\u0041"', "A" }, { '"\\u00e9"', "é" }, { '"\\u00E9"', "é" },
  { '"\\u20ac"', "€" }, { '"\\ud83d\\ude00"', "😀" }, { '"\\uD83D\\uDE00"', "😀" }, { '"é€😀"', "é€😀" },
  { '"\\u0000"', "\0" }, { '"a\\u0000b"', "a\0b" }, { '"\\uffff"', "\u{ffff}" }, { '"\127"', "\127" },
  { '"\u{10ffff}"', "\u{10ffff}" }, { '"\\u0022\\u005c"', '"\\' }, { '"[{,:]}"', "[{,:]}" },
    { '"// no comment"', "// no comment" },
  { '"\u{2028}\u{2029}"', "\u{2028}\u{2029}" }, { '"\\udbff\\udfff"', "\u{10ffff}" },
  -- arrays
  { "[1]", { 1 } }, { "[1,2]", { 1, 2 } }, { "[ 1 , 2 ]", { 1, 2 } }, { "[[]]", { {} } }, { "[[],[]]", { {}, {} } },
  { "[null]", { kam.null } }, { "[1,null,2]", { 1, kam.null, 2 } }, { "[true,\"x\",1.5]", { true, "x", 1.5 } },
  { "[\n1\n,\n2\n]", { 1, 2 } }, { "[{}]", { {} } }, { deep, nested(64) },
  -- objects
  { '{"a":1}', { a = 1 } }, { '{ "a" : 1 , "b" : 2 }', { a = 1, b = 2 } }, { '{"":0}', { [""] = 0 } },
  { '{"a":{"b":[]}}', { a = { b = {} } } }, { '{"a":null}', { a = kam.null } }, { '{"1":2}', { ["1"] = 2 } },
  { '{"\\u0061":1}', { a = 1 } }, { '{"a b":1}', { ["a b"] = 1 } },
  { '{"é":1}', { ["é"] = 1 } },
  { '{"A":1,"a":2}', { A = 1, a = 2 } },
  { '{"a":[{"b":1},{"b":2}]}', { a = { { b = 1 }, { b = 2 } } } },
}

local bad = {
  -- nothing
  "", " ", "\n",
  -- words
  "nul", "nulll", "True", "TRUE", "tru", "fals", "undefined", "NaN", "Infinity", "-Infinity", "nan", "none", "True false",
  -- numbers
  "01", "-01", "00", "1.", ".5", "-.5", "+1", "--1", "-", "1e", "1e+", "1.e1", "1.5.5", "1e1.5", "0x10", "1_000", "1,000",
  "1a", "- 1", "1 2", "1e400", "-1e400", "9223372036854775808", "-9223372036854775809", "100000000000000000000", "０", "1\0",
  -- strings
  '"', '"a', 'a"', "'a'", '"\\"', '"\\x41"', '"\\a"', '"\\0"', '"\\u"', '"\\u12"', '"\\u12g4"', '"\\U0041"', '"\n"', '"\t"',
  '"a\nb"', '"\0"', '"\31"', '"\\ud800"', '"\\udc00"', '"\\ud800x"', '"\\ud800\\ud800"', '"\\udc00\\ud800"', '"\\ud800\\u0041"',
  '"\x80"', '"\xff"', '"\xc0\xaf"', '"\xe0\x80\x80"', '"\xed\xa0\x80"', '"\xf4\x90\x80\x80"', '"\xf8\x88\x80\x80\x80"',
  '"\xc3"', '"\xe2\x82"', '"\xf0\x9f\x98"', '"a"b', '"a""b"', "\\u0022a\\u0022", '"\\\n"',
  -- arrays
  "[", "]", "[[", "[]]", "[1", "[1,", "[1,]", "[,]", "[,1]", "[1,,2]", "[1 2]", "[1:2]", "[1;2]", "(1)", "[1}", "[a]", "[\"a]",
  "[][]", "[1]x", "[1,\0]", "[...]", "[1,\n]",
  -- objects
  "{", "}", "{{", "{]", "{}}", '{"a"}', '{"a":}', '{:1}', '{"a":1,}', '{,"a":1}', '{"a":1,,"b":2}', '{"a":1 "b":2}', "{a:1}",
  "{'a':1}", "{1:1}", "{null:1}", '{"a"=1}', '{"a"::1}', '{"a":1', '{"a":', '{"a"', '{"a":1]', '{"a":1}x', '{[]:1}', '{"a":1}}',
  -- one name twice, as it is written or as it is meant
  '{"a":1,"a":1}', '{"a":1,"b":2,"a":3}', '{"a":1,"\\u0061":2}', '[{"a":{"b":1,"b":2}}]', '{"":1,"":2}',
  -- a zero byte in a name
  '{"a\\u0000b":1}',
  -- what is not JSON but often taken for it
  "/* c */ 1", "1 // c", "# c\n1", "[1] // c", "{} {}", "\u{feff}1", "\u{feff}[]", "1\u{a0}", "\u{2028}1",
    "\v1", "\f1", "<a/>", "`a`",
  -- too deep
  "[" .. deep .. "]", ("["):rep(100000), ('{"a":'):rep(65) .. "1" .. ("}"):rep(65),
}

describe("JSONDecode", function()
  for i, case in ipairs(good) do
    it(("reads %q (%d)"):format(case[1]:sub(1, 40), i), function()
      local got = decode(case[1])
      assert.same(case[2], got)
      assert.equal(math.type(case[2]), math.type(got))
      if case[2] == 0 then assert.equal(tostring(case[2]), tostring(got)) end
      assert.same({ case[2] }, cuts.same(case[1], stream))
    end)
  end

  for i, text in ipairs(bad) do
    it(("refuses %q (%d)"):format(text:sub(1, 40), i), function()
      kit.has(cuts.fails(kam.JSONDecode(), { text }), "JSONDecode", "E0657", "message 1")
    end)
  end

  it("has as many cases as one can wish", function() assert.is_true(#good + #bad >= 120) end)

  it("says at which line and column, and of which message", function()
    local text = cuts.fails(kam.JSONDecode(), { "[1]", "[1,\n 2,,\n 3]" })
    kit.has(text, "message 2", "line 2", "column 4")
  end)

  it("says what to do when texts come in pieces", function()
    kit.has(cuts.fails(kam.JSONDecode(), { "[1,", "2]" }), "stream = true")
  end)

  it("takes texts up to its limit", function()
    assert.same({ "12345678" }, kam.try(kam.JSONDecode { limit = 10 }, { '"12345678"' }))
    kit.has(cuts.fails(kam.JSONDecode { limit = 10 }, { '"123456789"' }), "E0658", "10 bytes")
  end)

  it("sends wrong texts to error when that is linked, and goes on", function()
    local values, wrong = {}, {}
    kit.runs(kam.Graphline {
      SRC = kam.DataSource { "1", "[1,", "2" }, JSON = kam.JSONDecode(), OUT = kit.into(values), BAD = kit.into(wrong),
      linkages = { "SRC -> JSON -> OUT", "JSON.error -> BAD" },
    })
    assert.same({ 1, 2 }, values)
    assert.equal("[1,", wrong[1].text)
    kit.has(wrong[1].error, "end of")
    assert.equal(1, #wrong)
  end)

  it("goes on after a text that is too deep when error is linked", function()
    local values, wrong = {}, {}
    kit.runs(kam.Graphline {
      SRC = kam.DataSource { ("["):rep(1000), "2" }, JSON = kam.JSONDecode(), OUT = kit.into(values), BAD = kit.into(wrong),
      linkages = { "SRC -> JSON -> OUT", "JSON.error -> BAD" },
    })
    assert.same({ 2 }, values)
    kit.has(wrong[1].error, "deeper than 64")
  end)
end)

describe("JSONDecode with stream", function()
  it("finds texts that follow one another, however they are cut", function()
    local text = '{"a": [1, "]}\\""]} [2]3 "x""y"4\n5\n\nnull[]true\t-1.5e3 '
    assert.same({ { a = { 1, ']}"' } }, { 2 }, 3, "x", "y", 4, 5, kam.null, {}, true, -1500.0 }, cuts.same(text, stream))
  end)

  it("reads a last number that nothing ends", function() assert.same({ 12 }, cuts.same("12", stream)) end)

  it("reads nothing from nothing", function()
    assert.same({}, kam.try(stream(), {}))
    assert.same({}, cuts.same(" \n\t ", stream))
  end)

  it("refuses what is wrong, wherever it is cut", function()
    for _, text in ipairs { "[1,2", '{"a":', '"abc', "[1}", "1 ] 2", "truefalse", "[1] x [2]", "]", '{"a":1,"a":2}' } do
      kit.has(cuts.same(text, stream).failed or text, "E0657", "text")
    end
  end)

  it("refuses depth before it is held", function()
    kit.has(cuts.same("  " .. ("["):rep(66), stream).failed, "E0657", "deeper than 64")
  end)

  it("takes texts up to its limit, spaces before them not counted", function()
    local make = function() return kam.JSONDecode { stream = true, limit = 10 } end
    assert.same({ "12345678", 1 }, cuts.same('"12345678" 1', make))
    kit.has(cuts.same('"123456789"', make).failed, "E0658", "10 bytes")
    assert.same({ 1 }, cuts.same((" "):rep(50) .. "1", make))
  end)

  it("tells of too much depth, or of too many bytes, whichever comes first", function()
    local open = ("["):rep(70)
    local function given(limit) return function() return kam.JSONDecode { stream = true, limit = limit } end end
    kit.has(cuts.same(open, given(64)).failed, "E0657", "deeper than 64")
    kit.has(cuts.same(open, given(63)).failed, "E0658", "63 bytes")
  end)

  it("knows the four spaces of JSON, and no others", function()
    assert.same({ 1, 2 }, cuts.same("\t\r\n 1\n2", stream))
    for _, text in ipairs { "\v1", "1 \f2", "\xc2\xa01" } do
      kit.has(cuts.same(text, stream).failed or text, "E0657", "text")
    end
  end)

  it("goes on with the next text when error is linked", function()
    local values, wrong = {}, {}
    kit.runs(kam.Graphline {
      SRC = kam.DataSource { "1 tru", "e nul [1,] 2 [3" }, JSON = stream(), OUT = kit.into(values), BAD = kit.into(wrong),
      linkages = { "SRC -> JSON -> OUT", "JSON.error -> BAD" },
    })
    assert.same({ 1, true, 2 }, values)
    assert.equal(3, #wrong)
  end)
end)

describe("JSONEncode", function()
  it("writes what JSONDecode reads as the same", function()
    for _, case in ipairs(good) do
      local again = decode(encode(case[2]))
      assert.same(case[2], again)
      assert.equal(math.type(case[2]), math.type(again))
    end
  end)

  local written = {
    { 1, "1" }, { 1.0, "1.0" }, { -0.0, "-0.0" }, { 0.1, "0.1" }, { 1 / 3, "0.3333333333333333" }, { 1e100, "1e+100" },
    { math.maxinteger, "9223372036854775807" }, { math.mininteger, "-9223372036854775808" },
    { 2.0 ^ 53, "9007199254740992.0" },
    { true, "true" }, { false, "false" }, { kam.null, "null" }, { "", '""' }, { 'a"b\\c/', '"a\\"b\\\\c/"' },
    { "\b\f\n\r\t\0\1\31\127", '"\\b\\f\\n\\r\\t\\u0000\\u0001\\u001f\127"' }, { "é€😀", '"é€😀"' },
    { {}, "[]" }, { { {} }, "[[]]" }, { { 1, "a", kam.null }, '[1,"a",null]' }, { { b = 1, a = { c = {} } },
    '{"a":{"c":[]},"b":1}' },
  }
  for i, case in ipairs(written) do
    it(("writes %s (%d)"):format(case[2], i), function() assert.equal(case[2], encode(case[1])) end)
  end

  it("writes an empty table as an object on request", function()
    assert.equal('[{},{"a":{}},[{}]]', encode({ {}, { a = {} }, { {} } }, { empty = "object" }))
  end)

  it("indents on request", function()
    assert.equal('{\n  "a": [\n    1,\n    2\n  ],\n  "b": []\n}', encode({ a = { 1, 2 }, b = {} }, 2))
  end)

  local never = {
    ["a list with a hole"] = { { 1, [3] = 3 }, "1 to n" },
    ["a list with names"] = { { 1, a = 2 }, "1 to n" },
    ["keys that are fractions"] = { { [1.5] = 1 }, "key" },
    ["nan"] = { { 0 / 0 }, "nan" },
    ["infinity"] = { { 1 / 0 }, "infinite" },
    ["a function"] = { { print }, "function" },
    ["a string that is not UTF-8"] = { { "\xff" }, "UTF-8" },
    ["half of a pair"] = { { "\xed\xa0\x80" }, "UTF-8" },
    ["a name that is not UTF-8"] = { { ["\xc3"] = 1 }, "UTF-8" },
    ["more than 64 tables in one another"] = { nested(65), "64" },
  }
  for what, case in pairs(never) do
    it("refuses " .. what, function()
      kit.has(cuts.fails(kam.JSONEncode(), { 1, case[1] }), "JSONEncode", "E0659", "message 2", case[2])
    end)
  end

  it("refuses a table that contains itself", function()
    local t = {}
    t.t = t
    kit.has(cuts.fails(kam.JSONEncode(), { t }), "E0659", "itself")
  end)

  it("takes 64", function() assert.equal(deep, encode(nested(64))) end)
end)

describe("JSON and python3", function()
  local has_python = os.execute "python3 -c 1 2>/dev/null"

  -- Random values, a text a line, as another program writes them.
  local maker = [[
import json, random
r = random.Random(7)
def text(): return ''.join(r.choice('ab"\\/\n\t\x00\x1f é€😀\u2028') for _ in range(r.randrange(8)))
def value(d):
    k = r.randrange(8 if d < 4 else 6)
    if k == 0: return None
    if k == 1: return r.random() < .5
    if k == 2: return r.randrange(-2**63, 2**63)
    if k == 3: return r.choice([r.uniform(-1, 1) * 10.0 ** r.randrange(-300, 300), float(r.randrange(100))])
    if k == 4 or k == 5: return text()
    if k == 6: return [value(d + 1) for _ in range(r.randrange(4))]
    return {text().replace('\x00', '0'): value(d + 1) for _ in range(1, r.randrange(2, 5))}
for i in range(500): print(json.dumps(value(0), ensure_ascii=i % 2 == 0))
]]

  it("agree about 500 random values, there and back", function()
    if not has_python then pending "needs python3" return end
    local texts = cuts.command("python3 -", maker)
    local ours = kam.try(kam.Pipeline { kam.JSONDecode { stream = true }, kam.JSONEncode() }, cuts.pieces(texts, 1000))
    assert.equal(500, #ours)
    local theirs, agree = cuts.command([[python3 -c '
import json, sys
a, b = sys.stdin.read().split("\0")
a, b = a.splitlines(), [l for l in b.split("\n") if l]
assert len(a) == len(b) == 500
for x, y in zip(a, b):
    assert json.loads(x) == json.loads(y), (x, y)
    assert repr(json.loads(x)).count(".0") == repr(json.loads(y)).count(".0")
print("same")']], (texts:gsub("\u{2028}", "\\u2028")) .. "\0" .. table.concat(ours, "\n"))
    assert.is_true(agree)
    assert.equal("same\n", theirs)
  end)
end)
