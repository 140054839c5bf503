-- FortuneCookie and FortuneCookieProtocol.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local lines = { "one", "%", "two", " 2", "%", "%", "", "three", "%" }

it("every text of a file is picked, as often as any other, and nothing else is", function()
  local counts = {}
  for _ = 1, 600 do
    local out = kam.try(kam.FortuneCookie(), lines)
    assert.equal(1, #out)
    counts[out[1]] = (counts[out[1]] or 0) + 1
  end
  local n = 0
  for text, count in pairs(counts) do
    n = n + 1
    assert.truthy(text == "one\n" or text == "two\n 2\n" or text == "\nthree\n", text)
    assert.truthy(count > 130 and count < 270, count) -- 6 standard deviations
  end
  assert.equal(3, n)
end)

it("a file without a text gives nothing, and a long one is cut off", function()
  assert.same({}, kam.try(kam.FortuneCookie(), {}))
  assert.same({}, kam.try(kam.FortuneCookie(), { "%", "%" }))
  assert.same({ "abcd" }, kam.try(kam.FortuneCookie { limit = 4 }, { "abcdefgh", "ijkl" }))
end)

it("a server tells who connects one, and hangs up though the peer does not", function()
  local path, socket = os.tmpname(), os.tmpname()
  os.remove(socket)
  kit.runs(kam.Pipeline { kam.DataSource { "only this" }, kam.FileWriter { path, lines = true } })
  local got = {}
  kit.runs(kam.main(function(self)
    local server = self:addChildren(kam.ServerCore { path = socket, protocol = function()
      return kam.FortuneCookieProtocol(path)
    end })
    self:link({ server, "listening" }, { self, "inbox" })
    self:recv()
    for i = 1, 2 do
      local talker = kam.main(function(c) c:sleep(1e6) end)
      local client, box = kam.UnixClient(socket), self:addInbox "got"
      self:link({ client, "outbox" }, { self, box })
      self:addChildren(talker, client)
      self:link({ talker, "outbox" }, client)
      got[i] = ""
      for bytes in self:messages(box) do got[i] = got[i] .. tostring(bytes) end
      talker:stop()
    end
    server:stop()
  end))
  assert.same({ "only this\n", "only this\n" }, got)
  os.remove(path)
end)

it("a file that is not there fails the handler", function()
  assert.matches("/not/there", cuts.fails(kam.FortuneCookieProtocol "/not/there", {}))
end)
