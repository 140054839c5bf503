-- DNSQuery: what dnsmasq answers, and servers that do not.
local kam = require "kam"
local kit = require "spec.lua.kit"
local name_server = require "spec.components.dns.name_server"

after_each(kit.settled)

-- Runs f(self, ask, at) beside dnsmasq, where ask(question) gives its answer.
local function beside(f)
  local server, at = name_server.new()
  local watched = kam.main(function(self)
    self:addChildren(server)
    self:watch(server, self:addInbox "ended")
    name_server.await(self, at)
    local query = self:addChildren(kam.DNSQuery { servers = { at } })
    f(self, function(question) return self:ask(query, question) end, at)
    query:stop()
    server:stop()
  end)
  local text = kit.said(function() watched:run() end)
  assert.equal("", text)
end

describe("DNSQuery", function()
  local test = name_server.is_here() and it or pending

  test("asks for records of all types", function()
    beside(function(_, ask)
      assert.same({ name = "mx1.example", type = "A", records = { "192.0.2.1" } }, ask "mx1.example")
      for question, records in pairs {
        ["mx1.example AAAA"] = { "2001:db8::1" },
        ["example MX"] = { { host = "mx1.example", priority = 10 }, { host = "mx2.example", priority = 20 } },
        ["example TXT"] = { "v=spf1 -all" },
        ["example NS"] = { "ns1.example" },
        ["192.0.2.1 PTR"] = { "mx1.example" },
        ["1.2.0.192.in-addr.arpa PTR"] = { "mx1.example" },
        ["_imap._tcp.example SRV"] = { { host = "mx1.example", port = 143, priority = 5, weight = 7 } },
      } do
        local name, type = question:match "(%S+) (%S+)"
        assert.same({ name = name, type = type, records = records }, ask { name = name, type = type })
      end
    end)
  end)

  test("says why there are no records", function()
    beside(function(_, ask)
      assert.same({ name = "none.example", type = "A", records = {}, missing = true, error = "there is no such name" },
        ask "none.example")
      assert.same({ name = "mx2.example", type = "AAAA", records = {}, missing = true,
        error = "the name has no record of this type" }, ask { name = "mx2.example", type = "AAAA" })
      for _, name in ipairs { "", "a..b", ("x"):rep(64) .. ".example", ("x."):rep(127) .. "x" } do
        local answer = ask(name)
        assert.same({}, answer.records)
        assert.truthy(answer.error, name)
      end
    end)
  end)

  test("answers in the order of the questions, of which many are under way", function()
    beside(function(self, _, at)
      local names, got = {}, {}
      for i = 1, 300 do names[i] = i % 3 == 0 and "mx1.example" or ("no%d.example"):format(i) end
      self:addInbox "got"
      local all = kam.Pipeline { kam.DataSource(names), kam.DNSQuery { servers = { at } } }
      self:link({ all, "outbox" }, { self, "got" })
      self:addChildren(all)
      for answer in self:messages "got" do
        got[#got + 1] = answer.name
        assert.equal(answer.name == "mx1.example" and 1 or 0, #answer.records)
      end
      assert.same(names, got)
    end)
  end)

  it("gives up after its time, and answers what it is asked then", function()
    local server, at, got, took
    kit.runs(kam.main(function(self)
      server = self:addChildren(kam.UDPPeer { host = "127.0.0.1" }) -- takes questions, and says nothing
      self:link(server, self:addChildren(kam.NullSink()))
      self:link({ server, "listening" }, { self, "inbox" })
      at = self:recv()
      local query = self:addChildren(kam.DNSQuery { servers = { ("127.0.0.1:%d"):format(at.port) }, timeout = 0.3 })
      local begun = kam.now()
      got = self:ask(query, "a.example")
      took = kam.now() - begun
      assert.same(got.error, self:ask(query, "b.example").error)
      query:stop()
      server:stop()
    end))
    assert.equal("no server has answered in time", got.error)
    assert.is_nil(got.missing or nil)
    assert(took >= 0.29 and took < 5, took)
  end)

  it("is told to end while questions are under way", function()
    kit.runs(kam.main(function(self)
      local server = self:addChildren(kam.UDPPeer { host = "127.0.0.1" })
      self:link(server, self:addChildren(kam.NullSink()))
      self:link({ server, "listening" }, { self, "inbox" })
      local query = kam.DNSQuery { servers = { ("127.0.0.1:%d"):format(self:recv().port) } }
      self:link({ self, self:addOutbox "ask" }, { query, "inbox" })
      self:link(query, self:addChildren(kam.NullSink()))
      self:addChildren(query)
      for i = 1, 100 do self:trySend(("a%d.example"):format(i), "ask") end
      self:sleep(0.05)
      query:stop()
      server:stop()
    end))
  end)

  it("takes a reply of rubbish for none", function()
    local errors = {}
    kit.runs(kam.main(function(self)
      local server = kam.UDPPeer { host = "127.0.0.1", addresses = true }
      local n = 0
      local rubbish = kam.main(function(c)
        for m in c:messages() do
          n = n + 1
          local asked = tostring(m.data)
          local cut = ({ asked:sub(1, 11), asked .. "x", asked:sub(1, 2) .. "\x81\x80\0\1\0\9\0\0\0\0" .. asked:sub(13),
            asked:sub(1, 2) .. "\x81\x80\0\1\0\1\0\0\0\0" .. asked:sub(13) .. "\xc0\x0c\0\1\0\1\0\0\0\1\xff\xff",
            asked:sub(1, 2) .. "\x81\x80\0\1\0\1\0\0\0\0" .. asked:sub(13) .. "\xc0\x40\0\1\0\1\0\0\0\1\0\4abcd" })[n]
          c:send { data = cut, host = m.host, port = m.port }
        end
      end)
      self:link({ server, "listening" }, { self, "inbox" })
      self:link({ server, "outbox" }, { rubbish, "inbox" })
      self:link({ rubbish, "outbox" }, { server, "inbox" })
      self:addChildren(server, rubbish)
      local at = ("127.0.0.1:%d"):format(self:recv().port)
      for i = 1, 5 do
        n = i - 1
        local query = self:addChildren(kam.DNSQuery { servers = { at }, timeout = 0.2 })
        local answer = self:ask(query, "a.example")
        errors[i] = #answer.records == 0 and answer.error
        query:stop()
      end
      server:stop()
      rubbish:stop()
    end))
    for i = 1, 5 do assert.truthy(errors[i], i) end
  end)

  it("fails with what is no question, and with what is no server", function()
    for _, question in ipairs { { { name = "a", type = "B" } }, { { type = "A" } }, { 1 }, { { name = 1 } },
      { ("x"):rep(256) } } do
      local ok, _, text = kit.run(kam.Pipeline { kam.DataSource(question), kam.DNSQuery(), kam.NullSink() })
      assert.is_nil(ok)
      kit.has(text, "a question is a name of at most 255 bytes")
    end
    local ok, _, text = kit.run(kam.Pipeline { kam.OneShot "a", kam.DNSQuery { servers = { "x" } }, kam.NullSink() })
    assert.is_nil(ok)
    kit.has(text, "servers: ", '"192.0.2.1:5353"')
  end)
end)
