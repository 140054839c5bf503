-- CSVDecode and CSVEncode: RFC 4180, in any cut, and as python3 reads and writes it.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local function reader(given)
  return function() return kam.CSVDecode(given) end
end

local function rows(text, given) return cuts.same(text, reader(given)) end

local function written(list, given) return cuts.bytes(kam.CSVEncode(given), list) end

-- What a CSVDecode gives, and what comes from its box error.
local function heard(text, given)
  local good, bad = {}, {}
  kit.runs(kam.Graphline {
    SRC = kam.DataSource { text }, CSV = kam.CSVDecode(given), OUT = kit.into(good), BAD = kit.into(bad),
    linkages = { "SRC -> CSV -> OUT", "CSV.error -> BAD" },
  })
  return good, bad
end

local mark = "\xef\xbb\xbf"

local texts = {
  { "", {} },
  { "a", { { "a" } } },
  { "a,b\nc,d\n", { { "a", "b" }, { "c", "d" } } },
  { "a,b\r\nc,d\r\n", { { "a", "b" }, { "c", "d" } } },
  { "a,b\rc,d\r", { { "a", "b" }, { "c", "d" } } },
  { "a,b\nc,d", { { "a", "b" }, { "c", "d" } } },
  { ",", { { "", "" } } },
  { ",\n,,\n", { { "", "" }, { "", "", "" } } },
  { '""', { { "" } } },
  { '"",""\n', { { "", "" } } },
  { '"a,b","c\nd","e\r\nf","g""h"\n', { { "a,b", "c\nd", "e\r\nf", 'g"h' } } },
  { '""""\n', { { '"' } } },
  { '"""",""""""', { { '"', '""' } } },
  { "\n\na\n\n\r\nb\n\n", { { "a" }, { "b" } } },
  { " a , b\t\n", { { " a ", " b\t" } } },
  { '" a "," "\n', { { " a ", " " } } },
  { "a\0b,\xff\n", { { "a\0b", "\xff" } } },
  { mark .. '"a",b\n', { { "a", "b" } } },
  { mark, {} },
  { mark .. mark .. "a", { { mark .. "a" } } },
  { "\xef\xbb", { { "\xef\xbb" } } },
  { "\xefa\n", { { "\xefa" } } },
  { "é,€\n", { { "é", "€" } } },
}

describe("CSVDecode", function()
  for i, case in ipairs(texts) do
    it(("reads %q (%d)"):format(case[1], i), function() assert.same(case[2], rows(case[1])) end)
  end

  for _, delimiter in ipairs { ";", "\t", "|", ":", " " } do
    it(("takes %q for the delimiter on request"):format(delimiter), function()
      assert.same({ { "a,b", "c" .. delimiter }, { "", "" } },
        rows(('a,b%s"c%s"\n%s\n'):format(delimiter, delimiter, delimiter), { delimiter = delimiter }))
    end)
  end

  it("refuses another delimiter, and says which there are", function()
    kit.has(kit.refused(kam.CSVDecode, { delimiter = "," .. "," }), "delimiter", '";"')
  end)

  it("makes tables with the names of the first row on request", function()
    assert.same({ { name = "Ann", size = "1" }, { name = "Bob, B.", size = "" } },
      rows('name,size\r\nAnn,1\r\n"Bob, B.",', true))
    assert.same({}, rows("name,size\n", true))
    assert.same({}, rows("", true))
  end)

  it("makes tables with the names that it is given", function()
    assert.same({ { a = "1", b = "2" } }, rows("1,2\n", { columns = { "a", "b" } }))
    assert.same({ { a = "1", b = "2" } }, rows("x,x\n1,2\n", { columns = { "a", "b" }, header = true }))
  end)

  it("refuses two columns of one name", function()
    kit.has(rows("a,b,a\n1,2,3\n", true).failed, "CSVDecode", "E0841", '"a"')
    kit.has(cuts.fails(kam.CSVDecode { columns = { "a", "a" } }, { "1" }), "E0841", '"a"')
  end)

  it("refuses a row with more or fewer fields than columns", function()
    kit.has(rows('a,b\n\n"1\n",2\n1\n', true).failed, "E0841", "line 5", "1 field, not 2")
    kit.has(rows("a,b\n1,2,3\n", true).failed, "E0841", "line 2", "3 fields, not 2")
  end)

  it("sends such rows to error when that is linked, and goes on", function()
    local good, bad = heard("a,b\n1\n2,3\n4,5,6\n", true)
    assert.same({ { a = "2", b = "3" } }, good)
    assert.same({
      { row = { "1" }, line = 2, error = "the row at line 2 has 1 field, not 2" },
      { row = { "4", "5", "6" }, line = 4, error = "the row at line 4 has 3 fields, not 2" },
    }, bad)
  end)

  it("takes rows of any number of fields where columns have no names", function()
    assert.same({ { "a" }, { "b", "c" } }, rows "a\nb,c\n")
  end)

  it("takes messages as lines on request", function()
    assert.same({ { "a", "b\n\nc" }, { "d" } }, kam.try(kam.CSVDecode { lines = true }, { 'a,"b', "", 'c"', "", "d" }))
    assert.same({ { a = "1" } }, kam.try(kam.CSVDecode { lines = true, header = true }, { mark .. "a", "1" }))
    assert.same({ { "\xef" }, { "b" } }, kam.try(kam.CSVDecode { lines = true }, { "\xef", "b" }))
  end)

  local wrong = {
    { 'a,b"c\n', "line 1, column 4", "does not begin with one" },
    { '\n\na, "b"\n', "line 3, column 4", "does not begin with one" },
    { '"a"b\n', "line 1, column 4", "behind the quote" },
    { '"a" ,b\n', "line 1, column 4", "behind the quote" },
    { '"a";"b"\n', "line 1, column 4", "is it the delimiter?" },
    { '"a"\t"b"\n', "a tab behind the quote", "is it the delimiter?" },
    { 'x\n"a\r\nb"c\n', "line 3, column 3", "behind the quote" },
    { 'x\r\n"a\nb', "line 3", "its row begins at line 2" },
    { '"', "line 1", "in quotes" },
    { 'a,"b""', "line 1", "in quotes" },
  }
  for i, case in ipairs(wrong) do
    it(("refuses %q, and says where it is wrong (%d)"):format(case[1], i), function()
      kit.has(rows(case[1]).failed, "CSVDecode", "E0840", case[2], case[3])
    end)
  end

  it("takes rows up to its limits", function()
    assert.same({ { "12345", "7890" }, { "x" } }, rows("12345,7890\r\nx", { limit = 10 }))
    assert.same({ { "12345\n7" } }, rows('\n"12345\n7"\n', { limit = 10 - 1 }))
    kit.has(rows("x\n12345,78901\n", { limit = 10 }).failed, "E0658", "line 2", "10 bytes")
    kit.has(rows('"' .. ("\n"):rep(12), { limit = 10 }).failed, "E0658", "line 1", "never closed")
    assert.same({ { "", "", "" } }, rows(",,\n", { fields = 3 }))
    kit.has(rows(",,,\n", { fields = 3 }).failed, "E0658", "line 1", "3 fields")
    kit.has(rows(",,,", { fields = 3 }).failed, "E0658", "line 1", "3 fields")
  end)

  it("does not keep what is longer than its limit", function()
    local long = ("x"):rep(1 << 16)
    local list = { '"' }
    for i = 1, 64 do list[#list + 1] = long .. i end
    kit.has(cuts.fails(kam.CSVDecode(), list), "E0658", "1048576 bytes")
  end)
end)

describe("CSVEncode", function()
  local lines = {
    { { "a", "b" }, "a,b\n" }, { { "" }, '""\n' }, { { kam.null }, '""\n' }, { { "", kam.null }, ",\n" },
    { { 'a"b', "c,d", "e\nf", "g\rh", " i " }, '"a""b","c,d","e\nf","g\rh", i \n' },
    { { 1, -2, math.mininteger, 2.0, 0.1, 1 / 3, 1e100 }, "1,-2,-9223372036854775808,2.0,0.1,0.3333333333333333,1e+100\n" },
    { { true, false, 1 / 0, -1 / 0 }, "true,false,inf,-inf\n" }, { { 0 / 0 }, "nan\n" },
    { { "\0", "\xff" }, "\0,\xff\n" },
  }
  for i, case in ipairs(lines) do
    it(("writes %q (%d)"):format(case[2], i), function() assert.equal(case[2], written { case[1] }) end)
  end

  it("sends a message for each row", function()
    assert.same({ "1,2\n", "3\n" }, kam.try(kam.CSVEncode(), { { 1, 2 }, { 3 } }))
  end)

  it("writes what CSVDecode reads as the same", function()
    for _, case in ipairs(texts) do
      assert.same(case[2], kam.try(kam.Pipeline { kam.CSVEncode(), kam.CSVDecode() }, case[2]))
    end
  end)

  it("writes another delimiter and end of line on request", function()
    assert.equal('a,b;"c;d"\r\n', written({ { "a,b", "c;d" } }, { delimiter = ";", eol = "\r\n" }))
  end)

  it("writes tables by their names, those of the first one as the first line", function()
    assert.equal('size,"the, name"\n1,a\n,b\n2,\n',
      written { { ["the, name"] = "a", size = 1 }, { ["the, name"] = "b" }, { size = 2, ["the, name"] = kam.null } })
  end)

  it("writes the columns that it is given in their order", function()
    assert.equal("name,size\na,1\nb,2\n,\n", written({ { size = 1, name = "a" }, { "b", 2 }, {} }, { "name", "size" }))
    assert.equal("name,size\n", written({}, { "name", "size" }))
    assert.equal('name\n""\n', written({ {} }, { "name" }))
    assert.equal("", written {})
  end)

  local never = {
    ["what is no table"] = { "a", "E0842", "no table" },
    ["an empty row"] = { {}, "E0842", "empty" },
    ["a list with a hole"] = { { 1, [3] = 3 }, "E0842", "kam.null" },
    ["a list with names"] = { { 1, a = 2 }, "E0842", "names" },
    ["a table in a row"] = { { 1, { 2 } }, "E0842", "table in it" },
    ["a table in a table"] = { { a = { b = 1 } }, "E0842", "table in it" },
    ["a function in a row"] = { { print }, "E0842", "function" },
    ["a row that contains itself"] = { setmetatable({}, nil), "E0842", "table in it" },
  }
  never["a row that contains itself"][1][1] = never["a row that contains itself"][1]
  for what, case in pairs(never) do
    it("refuses " .. what, function() kit.has(cuts.fails(kam.CSVEncode(), { case[1] }), "message 1", case[2], case[3]) end)
  end

  it("refuses rows that do not fit the columns", function()
    local make = function() return kam.CSVEncode { "a", "b" } end
    kit.has(cuts.fails(make(), { { a = 1 }, { a = 1, c = 2 } }), "message 2", "E0841", '"c"')
    kit.has(cuts.fails(make(), { { 1 } }), "message 1", "E0841", "1 field, not 2")
    kit.has(cuts.fails(make(), { { 1, 2, 3 } }), "message 1", "E0841", "3 fields, not 2")
    kit.has(cuts.fails(kam.CSVEncode(), { { 1 }, { a = 1 } }), "message 2", "E0841", "columns")
    kit.has(cuts.fails(kam.CSVEncode { "a", "a" }, { { 1 } }), "E0841", '"a"')
  end)
end)

describe("CSV and python3", function()
  local has_python = os.execute "python3 -c 1 2>/dev/null"

  -- Random rows, as python writes them: as CSV, a zero byte, and as JSON.
  local maker = [[
import csv, io, json, random, sys
r = random.Random(5)
def text(): return ''.join(r.choice('ab,;"\'\n\r\t é€ ') for _ in range(r.randrange(6)))
rows = [[text() for _ in range(r.randrange(1, 6))] for _ in range(400)]
out = io.StringIO(newline='')
csv.writer(out, delimiter=sys.argv[1]).writerows(rows)
sys.stdout.buffer.write((out.getvalue() + '\0' + json.dumps(rows)).encode())
]]

  it("agree about 400 random rows, there and back", function()
    if not has_python then pending "needs python3" return end
    for _, delimiter in ipairs { ",", ";", "\t" } do
      local both = cuts.command(("python3 - '%s'"):format(delimiter), maker)
      local text, json = both:match "^(.-)%z(.*)$"
      local wanted = kam.try(kam.JSONDecode(), { json })[1]
      local given = { delimiter = delimiter }
      assert.equal(400, #wanted)
      assert.same(wanted, kam.try(kam.CSVDecode(given), cuts.pieces(text, 1000)))
      assert.same(wanted, kam.try(kam.CSVDecode(given), cuts.pieces(text, 1)))
      assert.equal(text, written(wanted, { delimiter = delimiter, eol = "\r\n" }))
    end
  end)
end)
