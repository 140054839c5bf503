-- The voice: what the system says when something is wrong.
local codes = require "kam.codes"
local kam = require "kam"
local kit = require "spec.lua.kit"
local near = require "kam.near"
local report = require "kam.report"

-- What a script of that text raises when it is run.
local function raised(text)
  report.sources["chat.lua"] = text
  local chunk = assert(load(text, "@chat.lua", "t"))
  local ok, err = pcall(chunk)
  assert.is_false(ok, "it was not refused")
  return tostring(err), err
end

after_each(kit.settled)

describe("an error", function()
  it("has its code, the place, the line with a caret, the nearest name and the mend", function()
    local text = raised [[
local kam = require "kam"
local g = kam.Graphline {
  SRC = kam.OneShot "x", SNK = kam.NullSink(),
  linkages = {
    "SRC -> SKN",
  },
}
return g]]
    assert.equal([[
error[E0102]: there is no component "SKN" in this graph; did you mean "SNK"?
  --> chat.lua:5
   5 |      "SRC -> SKN",
     |              ^^^
  mend: "SRC -> SNK"
  in this graph: SNK, SRC]], text)
  end)

  it("is a table with its code, place and exit status", function()
    local _, err = raised [[
local kam = require "kam"
local c = kam.Chunker { size = 0 }
return c]]
    assert.equal("E0208", err.code)
    assert.equal("chat.lua", err.file)
    assert.equal(2, err.line)
    assert.equal(2, err.exit)
    assert.is_true(report.is_error(err))
  end)

  it("points at the option that is wrong", function()
    kit.has(raised [[
local kam = require "kam"
local c = kam.Chunker {
  siez = 9,
}
return c]], "--> chat.lua:3", "   3 |    siez = 9,", "     |    ^^^^")
  end)

  it("points at the caller's line, and not at ours", function()
    kit.has(raised 'local kam = require "kam"\n\nlocal p = kam.Pipeline {}\nreturn p', "--> chat.lua:3")
    kit.has(raised 'local kam = require "kam"\n\nlocal p = kam.ConsolReader()\nreturn p', "--> chat.lua:3",
      "did you mean kam.ConsoleReader?")
  end)

  it("in a function of the script points at the line of the call there", function()
    kit.has(raised [[
local kam = require "kam"
local function make()
  local p = kam.map(nil)
  return p
end
local m = make()
return m]], "--> chat.lua:3")
  end)

  it("keeps tabs before its caret", function()
    local text = raised 'local kam = require "kam"\n\tlocal c = kam.Chunker { siez = 9 }\nreturn c'
    kit.has(text, "     |  \t")
  end)

  it("counts characters, not bytes, for its caret", function()
    local text = raised 'local kam = require "kam"\nlocal c = kam.Chunker { ["größe"] = 9 }\nreturn c'
    assert.equal(5, #text:match "%^+")
  end)

  it("begins in lower case and has no full stop", function()
    for code, entry in pairs(codes.all) do
      if type(entry) == "table" then
        assert.truthy(entry.title:find "^%l", code)
        assert.is_nil(entry.title:find "%.$", code)
      end
    end
  end)
end)

describe("each code", function()
  it("has a title, and says why", function()
    local n = 0
    for code, entry in pairs(codes.all) do
      if type(entry) == "table" then
        n = n + 1
        assert.truthy(code:find "^[EW]0%d%d%d$", code)
        assert.is_string(entry.title)
        assert.is_string(entry.why)
        assert.is_string(entry.wrong)
        assert.is_string(entry.right)
        assert.is_function(entry.make)
      end
    end
    assert.is_true(n > 40)
  end)
end)

describe("the nearest name", function()
  local names = { "inbox", "control", "outbox", "signal", "ConsoleReader" }

  it("is the one with the fewest edits", function()
    assert.equal("inbox", near.best("inbx", names))
    assert.equal("outbox", near.best("outbxo", names))
    assert.equal("signal", near.best("Signal", names))
    assert.equal("ConsoleReader", near.best("ConsolReeder", names))
  end)

  it("is none if none is near", function()
    assert.is_nil(near.best("telephone", names))
    assert.is_nil(near.best("x", names))
    assert.is_nil(near.best("x", {}))
  end)
end)

describe("the report of a failure", function()
  -- What is said when a script of that text is run.
  local function said(text)
    report.sources["chat.lua"] = text
    return (kit.said(assert(load(text, "@chat.lua", "t"))))
  end

  it("names component, place, message and what it was handling, and shows the line", function()
    local text = said [[
local kam = require "kam"
kam.Graphline {
  SRC = kam.DataSource { { id = 4 } },
  PARSE = kam.main(function(self)
    for m in self:messages() do
      self:send(m.date.day)
    end
  end),
  linkages = { "SRC -> PARSE -> self" },
}:run()]]
    kit.has(text, "error[E0400]: PARSE failed at chat.lua:6: attempt to index a nil value (field 'date')",
      "  --> chat.lua:6", "   6 |        self:send(m.date.day)",
      "it was handling message 1: { id = 4 }", "stack traceback:", "chat.lua:6: in function")
  end)

  it("of one of our errors has its code and its mend", function()
    local text = said [[
local kam = require "kam"
kam.Graphline {
  SHOUT = kam.main(function(self)
    self:send("x", "outbxo")
  end),
}:run()]]
    kit.has(text, 'error[E0307]: SHOUT: SHOUT (main) has no outbox "outbxo"; did you mean "outbox"?',
      "--> chat.lua:4", '     |                      ^^^^^^', 'mend: "outbox"')
  end)

  it("has the traceback of a function component, too", function()
    kit.has(said [[
local kam = require "kam"
local function deep(m) return m.a.b end
kam.Pipeline { kam.OneShot { {} }, kam.each(function(m) deep(m) end) }:run()]], "chat.lua:2", "in upvalue 'deep'")
  end)

  it("has only frames of the user's own in its traceback", function()
    kit.lacks(said [[
local kam = require "kam"
kam.main(function(self) self:link(5, 6) end):run()]], "lua/kam/")
  end)

  it("of a component made in a loop names which", function()
    kit.has(said [[
local kam = require "kam"
local C = kam.component "Picky" { options = { n = { 1, "which" } }, main = function(self)
  if self.n == 2 then error "on purpose" end
end }
kam.run(C { n = 1 }, C { n = 2 })]], "Picky 2 failed")
  end)

  it("shows long messages cut, and strings quoted", function()
    local text = said [[
local kam = require "kam"
kam.Pipeline { kam.OneShot(("x"):rep(10000) .. "\n"), kam.each(function() error "no" end) }:run()]]
    kit.has(text, 'it was handling message 1: "xxx', "…")
    assert.is_true(#text < 2000)
  end)
end)

describe("kam.show", function()
  it("writes values as Lua does", function()
    assert.equal("{ 1, 2, x = 1 }", kam.show { 1, 2, x = 1 })
    assert.equal('{ "a\\n" }', kam.show { "a\n" })
    assert.equal("{}", kam.show {})
    assert.equal("{ [1.5] = true, a = { b = {} } }", kam.show { [1.5] = true, a = { b = {} } })
    assert.equal("plain", kam.show "plain")
    assert.equal("nil", kam.show(nil))
  end)

  it("escapes what a terminal would obey, and bytes that are no UTF-8", function()
    assert.equal([[{ "\x1b[31m", "\xc2\x9b31m", "\x00" }]], kam.show { "\27[31m", "\u{9b}31m", "\0" })
    assert.equal([[{ "\xff\xd8 ä€🙂", "\xc3", "\xed\xa0\x80" }]],
      kam.show { "\xff\xd8 ä€🙂", "\xc3", "\xed\xa0\x80" })
  end)

  it("cuts a long text between two characters", function()
    for n = 990, 1000 do
      assert.truthy(utf8.len(kam.show { ("x"):rep(n) .. ("€"):rep(20) }))
    end
  end)

  it("is the same each time, with keys in order", function()
    local t = {}
    for _, k in ipairs { "z", "b", "a", "m", "q" } do t[k] = 1 end
    assert.equal("{ a = 1, b = 1, m = 1, q = 1, z = 1 }", kam.show(t))
  end)

  it("comes to an end with a table that holds itself", function()
    local t = {}
    t.t = t
    kit.has(kam.show(t), "t = {", "…")
  end)

  it("never says where in memory something lies", function()
    for _, v in ipairs { {}, { {} }, { print }, { coroutine.create(print) }, { io.stdout } } do
      kit.lacks(kam.show(v), "0x")
    end
  end)
end)
