-- PromptedFileReader, TriggeredFileReader and WholeFileWriter.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

local here

before_each(function() here = place.new() end)
after_each(function()
  kit.settled()
  here:__close()
end)

local function path(name) return here.folder .. "/" .. name end

-- What is said when a component fails over a list of messages.
local function fails(c, list)
  local ok, _, said = kit.run(kam.Pipeline { kam.DataSource(list), c, kam.NullSink() })
  assert.is_nil(ok)
  return said
end

describe("PromptedFileReader", function()
  it("sends as many bytes as it is asked for, and ends after the last", function()
    here:write("in", "abcdefgh")
    assert.same({ "abc", "d", "ef", "gh" }, kam.try(kam.PromptedFileReader(path "in"), { 3, 1, 2, 9, 9, 9 }))
  end)

  it("sends as many lines as it is asked for", function()
    here:write("in", "a\n\nb\nc")
    local h <close> = kam.handle(kam.PromptedFileReader { path "in", lines = true })
    h:put(2)
    assert.same({ "a", "" }, { h:get(), (h:get()) })
    assert.is_nil((h:get("outbox", 1)))
    h:put(5)
    assert.same({ "b", "c" }, { h:get(), (h:get()) })
    assert.is_nil((h:get()))
  end)

  it("refuses what is no number of bytes", function()
    here:write("in", "abc")
    for _, wrong in ipairs { 0, -1, 1.5 } do
      kit.has(fails(kam.PromptedFileReader(path "in"), { wrong }), "E0633", path "in", "from 1")
    end
    kit.has(fails(kam.PromptedFileReader(path "no"), { 1 }), "E0630", "No such file")
  end)
end)

describe("TriggeredFileReader", function()
  it("sends the whole content of each file, in order", function()
    local big = ("0123456789"):rep(30000)
    here:write("a", "one\n")
    here:write("b", "")
    here:write("c", big)
    assert.same({ "one\n", "", big, "one\n" },
      kam.try(kam.TriggeredFileReader(), { path "a", path "b", path "c", path "a" }))
  end)

  it("reads files that say that they are empty", function()
    local got = kam.try(kam.TriggeredFileReader(), { "/proc/self/status" })
    kit.has(got[1], "Name:", "Threads:")
  end)

  it("refuses what is no plain file, or too long, naming it", function()
    here:write("a", "12345")
    assert.same({ "12345" }, kam.try(kam.TriggeredFileReader { limit = 5 }, { path "a" }))
    kit.has(fails(kam.TriggeredFileReader { limit = 4 }, { path "a" }), "cannot read " .. path "a",
      "longer than 4 bytes")
    kit.has(fails(kam.TriggeredFileReader(), { path "no" }), "E0630", path "no", "No such file")
    kit.has(fails(kam.TriggeredFileReader(), { here.folder }), "Is a directory")
    kit.has(fails(kam.TriggeredFileReader(), { "/dev/zero" }), "no plain file")
    kit.has(fails(kam.TriggeredFileReader(), { "a\0b" }), "zero byte")
  end)
end)

describe("WholeFileWriter", function()
  it("writes each file and then sends its name", function()
    here:write("a", "old")
    assert.same({ path "a", path "b" }, kam.try(kam.WholeFileWriter(),
      { { path "a", "new" }, { name = path "b", content = "" } }))
    assert.same({ "new", "" }, { here:read "a", here:read "b" })
  end)

  it("leaves nothing behind when it cannot write", function()
    kit.has(fails(kam.WholeFileWriter(), { { path "no/such", "x" } }), "E0631", "cannot write", "No such")
    assert.equal("bin\n", (here:run "ls -A"))
    assert.same({ path "no/such" }, kam.try(kam.WholeFileWriter { mkdir = true }, { { path "no/such", "x" } }))
  end)

  it("refuses a message of another shape", function()
    for _, wrong in ipairs { {}, { "a" }, { "a", 1 }, { name = "a" }, { "", "x" }, { {}, "x" } } do
      kit.has(fails(kam.WholeFileWriter(), { wrong }), "E0633", "{ name, content }")
    end
  end)
end)
