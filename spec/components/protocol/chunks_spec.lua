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

it("a mark is found although what stands before it looks like its beginning", function()
  local bytes = cuts.bytes(kam.DataChunker(), { "one", "", "X" })
  for n = 0, 23 do
    local got = cuts.same(("X"):rep(n) .. bytes, function() return kam.DataDeChunker() end)
    assert.same({ "one", "", "X" }, got)
  end
  local list = { "a", "b" } -- a mark of which an end and a beginning are the same
  local function overlapping() return kam.DataDeChunker "#a#" end
  assert.same(list, cuts.same(cuts.bytes(kam.DataChunker "#a#", list), overlapping))
  assert.same(list, cuts.same("rest#a" .. cuts.bytes(kam.DataChunker "#a#", list), overlapping))
end)

it("a long message that comes in many pieces is put together once", function()
  local n, got = 60000, {}
  local begun = os.clock()
  kit.runs(kam.Pipeline {
    kam.main(function(self)
      self:send "#*"
      for _ = 1, n do self:send(("x"):rep(50)) end
    end),
    find(), kit.into(got),
  })
  assert.equal(50 * n, #got[1])
  assert.is_true(os.clock() - begun < 5) -- joining at each piece copies 90 GB
end)

it("too many bytes without a mark, and a wrong escape, are errors", function()
  assert.matches("more than 3 bytes", cuts.fails(kam.DataDeChunker { "#*", limit = 3 }, { "#*abcdef" }))
  for _, text in ipairs { "#*abcd#*", "#*a#*abcd#*", "abcd#*a" } do -- in one piece, too
    assert.matches("more than 3 bytes", cuts.fails(kam.DataDeChunker { "#*", limit = 3 }, { text }))
  end
  cuts.same("#*abc#*#*ab", function() return kam.DataDeChunker { "#*", limit = 3 } end)
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
