-- What is told before anything runs: of syntax and of names that nobody defines.
local codes = require "kam.codes"
local globals = require "kam.globals"
local kit = require "spec.lua.kit"
local report = require "kam.report"
local script = require "kam.script"

local function compile(text) return script.compile(text, "@x.lua") end

describe("an error of syntax", function()
  for n = 1, 19 do
    local code = ("E%04d"):format(n)
    it("is " .. codes.all[code].title .. ", as the examples of " .. code .. " show", function()
      local chunk, err = compile(codes.all[code].wrong)
      assert.is_nil(chunk)
      assert.equal(code, err.code, tostring(err))
      assert(compile(codes.all[code].right))
    end)
  end

  -- Wrong text, the mend that is offered, its line.
  local mends = {
    { 'f {\n  kam.A(),\n  kam.B()\n  kam.C(),\n}', "kam.B(),", 3 },
    { 'f { "A -> B" "B -> C" }', '"A -> B",', 1 },
    { "local n = 0\nn += 5", "n = n + 5", 2 },
    { "local n = 0\nn++", "n = n + 1", 2 },
    { "while x = 1 do end", "while x == 1 do end", 1 },
    { "if a != b then end", "if a ~= b then end", 1 },
    { "if !a then end", "if not a then end", 1 },
    { "if a then\n  f()\nelse if b then\n  g()\nend", "elseif b then", 3 },
    { "main = function\n  f()\nend", "main = function()", 1, "function()" },
    { "fucntion f() end", "function", 1 },
    { "for i = 1, 3\n  f(i)\nend", "for i = 1, 3 do", 1 },
    { "f { 1, 2", "f { 1, 2}", 1, "}" },
    { "f(1, 2\ng()", "f(1, 2)", 1 },
    { 'print "a', 'print "a"', 1 },
  }
  for _, case in ipairs(mends) do
    it("of " .. case[1]:gsub("\n", " / ") .. " is mended on its line", function()
      local _, err = compile(case[1])
      assert.equal(case[3], err.line, tostring(err))
      kit.has(err.mend, case[4] or case[2])
    end)
  end
end)

describe("the lines of a text", function()
  it("end with \\n, \\r or both, as Lua counts them", function()
    for _, ends in ipairs { "\n", "\r", "\r\n", "\n\r" } do
      local text = table.concat({ "local n = 0", "", "n++", "" }, ends)
      local _, err = compile(text)
      assert.equal(3, err.line, ends:byte())
      kit.has(err.mend, "n = n + 1")
      assert.same({ "local n = 0", "", "n++", "" }, report.lines(text))
    end
    assert.same({ "", "", "a" }, report.lines "\n\na")
    assert.same({ "", "", "" }, report.lines "\r\n\r")
  end)
end)

describe("a name that nobody defines", function()
  local function undefined(text)
    local list, sure = globals.undefined(assert(load(text)))
    local names = {}
    for _, found in ipairs(list) do
      if not found.tested then names[#names + 1] = found.name .. ":" .. found.line end
    end
    return table.concat(names, " "), list[1], sure
  end

  it("is found in all functions, with its line", function()
    assert.equal("foo:1 bar:2", (undefined "print(foo)\nlocal function f() return bar end\nreturn f"))
  end)

  it("is found among more constants than one instruction can name", function()
    local items = {}
    for i = 1, 400 do items[i] = ("%q"):format("k" .. i) end
    assert.equal("foo:1", (undefined("local t = {" .. table.concat(items, ",") .. "} foo(t)")))
  end)

  it("comes with the local that was meant, or the nearest global", function()
    local _, found = undefined "local shout = 1 print(shuot)"
    assert.equal("shout", found.near)
    assert.is_true(found.is_local)
    _, found = undefined "prnt(1)"
    assert.equal("print", found.near)
  end)

  it("is none that is assigned somewhere, or of the library, or _G's", function()
    assert.equal("", (undefined "function f() n = 1 end f() print(n, string, arg, _VERSION)"))
    assert.equal("", (undefined "_G.x = 1 print(x)"))
  end)

  it("may be one that is tested", function()
    assert.equal("", (undefined "if jit then print(jit.v) end local u = unpack or table.unpack print(u)"))
    assert.equal("", (undefined "if foo == nil then print 'none' end"))
  end)

  it("is not sure where load is used", function()
    local _, _, sure = undefined "load 'x = 1'() print(x)"
    assert.is_false(sure)
  end)
end)
