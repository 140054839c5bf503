-- DataChunker and DataDeChunker.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local function find() return kam.DataDeChunker "#*" end

it("messages are found again, whatever is in them, in any cut", function()
  local list = { "one", "", "#*", "\\s\\e#", "*#", "\0\n" }
  assert.same(list, cuts.same(cuts.bytes(kam.DataChunker "#*", list), find))
end)

it("what stands before the first mark is dropped", function()
  assert.same({ "a" }, cuts.same("rest#*a", find))
  assert.same({}, cuts.same("rest", find))
end)

it("too many bytes without a mark, and a wrong escape, are errors", function()
  assert.matches("more than 3 bytes", cuts.fails(kam.DataDeChunker { "#*", limit = 3 }, { "#*abcdef" }))
  assert.matches("is no escape", cuts.fails(find(), { "#*a\\x" }))
end)

it("a word that cannot mark is refused", function()
  for _, make in ipairs { kam.DataChunker, kam.DataDeChunker } do
    for _, sync in ipairs { "", "s", "\\" } do
      assert.has_error(function() make(sync) end)
    end
  end
end)

it("a message is sent at once when flush is told", function()
  local got = {}
  local c = kam.DataDeChunker "#*"
  kam.run(c, kam.main(function(self)
    self:link({ self, self:addOutbox "bytes" }, { c, "inbox" })
    self:link({ self, self:addOutbox "now" }, { c, "flush" })
    self:link({ c, "outbox" }, { self, "inbox" })
    self:send("#*a", "bytes")
    self:sleep(1)
    self:send(true, "now")
    got[1] = self:recv("inbox", 1)
    c:stop()
  end))
  assert.same({ "a" }, got)
end)
