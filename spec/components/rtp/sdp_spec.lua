-- SDPParser and SDPWriter: RFC 8866.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- The example of section 5.
local offer = [[
v=0
o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1
s=Call to John Smith
i=SDP Offer #1
u=http://www.jdoe.example.com/home.html
e=Jane Doe <jane@jdoe.example.com>
p=+1 617 555-6011
c=IN IP4 198.51.100.1
t=0 0
m=audio 49170 RTP/AVP 0
m=audio 49180 RTP/AVP 0
m=video 51372 RTP/AVP 99
c=IN IP6 2001:db8::2
a=rtpmap:99 h263-1998/90000
]]

local full = [[
v=0
o=- 1 2 IN IP6 2001:db8::1
s=-
c=IN IP4 233.252.0.1/127/3
b=CT:1000
b=X-YZ:128
t=3724394400 3724398000
r=604800 3600 0 90000
r=7d 1h 0 25h
t=3725000000 0
z=3730928400 -1h
k=clear:secret
a=recvonly
a=tool:kam: 1
a=empty:
m=video 49170/2 RTP/AVP 31 32
i=a title
c=IN IP6 ff00::db8:0:101/3
c=IN IP4 198.51.100.2
b=AS:64
a=sendonly
]]

local function parsed(text) return kam.try(kam.SDPParser(), { text })[1] end
local function written(d) return kam.try(kam.SDPWriter(), { d })[1] end

describe("SDPParser", function()
  it("reads the example of RFC 8866", function()
    local d = parsed(offer)
    assert.same({ username = "jdoe", sessionId = "3724394400", sessionVersion = "3724394405", netType = "IN",
      addrType = "IP4", address = "198.51.100.1" }, d.origin)
    assert.equal("Call to John Smith", d.name)
    assert.equal("SDP Offer #1", d.information)
    assert.equal("http://www.jdoe.example.com/home.html", d.uri)
    assert.same({ "Jane Doe <jane@jdoe.example.com>" }, d.emails)
    assert.same({ "+1 617 555-6011" }, d.phones)
    assert.same({ netType = "IN", addrType = "IP4", address = "198.51.100.1" }, d.connection)
    assert.same({ { start = 0, stop = 0, repeats = {} } }, d.times)
    assert.same({}, d.attributes)
    assert.equal(3, #d.media)
    assert.same({ media = "audio", port = 49170, protocol = "RTP/AVP", formats = { "0" }, attributes = {} }, d.media[1])
    assert.same({ media = "video", port = 51372, protocol = "RTP/AVP", formats = { "99" },
      connections = { { netType = "IN", addrType = "IP6", address = "2001:db8::2" } },
      attributes = { { name = "rtpmap", value = "99 h263-1998/90000" } } }, d.media[3])
  end)

  it("reads all else that may be there", function()
    local d = parsed(full)
    assert.same({ netType = "IN", addrType = "IP4", address = "233.252.0.1", ttl = 127, count = 3 }, d.connection)
    assert.same({ { type = "CT", rate = 1000 }, { type = "X-YZ", rate = 128 } }, d.bandwidths)
    assert.same({ { start = 3724394400, stop = 3724398000, repeats = { "604800 3600 0 90000", "7d 1h 0 25h" } },
      { start = 3725000000, stop = 0, repeats = {} } }, d.times)
    assert.equal("3730928400 -1h", d.zones)
    assert.equal("clear:secret", d.key)
    assert.same({ { name = "recvonly" }, { name = "tool", value = "kam: 1" }, { name = "empty", value = "" } },
      d.attributes)
    local m = d.media[1]
    assert.equal(2, m.ports)
    assert.same({ "31", "32" }, m.formats)
    assert.equal("a title", m.information)
    assert.same({ netType = "IN", addrType = "IP6", address = "ff00::db8:0:101", count = 3 }, m.connections[1])
    assert.equal(2, #m.connections)
  end)

  it("takes either end of a line", function()
    assert.same(parsed(offer), parsed((offer:gsub("\n", "\r\n"))))
    assert.same(parsed(offer), parsed((offer:gsub("\n$", ""))))
  end)

  it("says what is wrong, and where", function()
    local start = "v=0\no=a 1 1 IN IP4 b\ns=x\n"
    for text, why in pairs {
      [""] = "there is no o=", ["v=1\n"] = "line 1: version 1, not 0", ["o=a\n"] = "line 1: v= is the first line",
      ["v=0\nv=0\n"] = "line 2: v= is the first line", ["v=0\nwhat"] = "line 2: a line is x=value",
      ["v=0\no=a 1 1 IN IP4\n"] = "line 2: o= cannot be read", ["v=0\nV=1"] = "line 2: a line is x=value",
      ["v=0\no=a 1 1 IN IP4 b c\n"] = "line 2: o= cannot be read",
      [start] = "there is no t=", [start .. "s=y\n"] = "line 4: there is a second s=",
      [start .. "t=0 0\nc=IN IP4 x\n"] = "line 5: c= comes too late",
      [start .. "t=x 0\n"] = "line 4: t= cannot be read", [start .. "r=1\n"] = "line 4: r= belongs behind t=",
      [start .. "q=1\n"] = "line 4: there is no q= here", [start .. "t=0 0\nm=a 99999 b c\n"] = "line 5: m= cannot be read",
      [start .. "t=0 0\nm=a 1 b\n"] = "line 5: m= cannot be read",
      [start .. "t=0 0\nm=a 1 b c\nt=0 0\n"] = "line 6: there is no t= here",
      [start .. "b=x\n"] = "line 4: b= cannot be read", [start .. "c=IN IP4 a/b\n"] = "line 4: c= cannot be read",
    } do
      assert.truthy(cuts.fails(kam.SDPParser(), { text }):find(why, 1, true), why)
    end
    assert.matches("longer than 10", cuts.fails(kam.SDPParser { limit = 10 }, { offer }))
  end)

  it("goes on behind a wrong one if error is linked", function()
    local good, bad = {}, {}
    kit.runs(kam.Graphline { SRC = kam.DataSource { "v=1", offer }, SDP = kam.SDPParser(),
      GOOD = kit.into(good), BAD = kit.into(bad), linkages = { "SRC -> SDP -> GOOD", "SDP.error -> BAD" } })
    assert.equal("Call to John Smith", good[1].name)
    assert.same({ { text = "v=1", error = "line 1: version 1, not 0" } }, bad)
  end)
end)

local function copy(v)
  if type(v) ~= "table" then return v end
  local t = {}
  for key, item in pairs(v) do t[key] = copy(item) end
  return t
end

describe("SDPWriter", function()
  it("writes what SDPParser reads", function()
    for _, text in ipairs { offer, full } do
      assert.equal((text:gsub("\n", "\r\n")), written(parsed(text)))
    end
  end)

  it("refuses what would be another description", function()
    local function refused(why, change)
      local d = copy(parsed(full))
      change(d)
      local said = cuts.fails(kam.SDPWriter(), { d })
      assert.truthy(said:find(why, 1, true), said)
    end
    refused("name is a text without an end of line", function(d) d.name = "a\r\na=b" end)
    refused("a description needs origin", function(d) d.origin = nil end)
    refused("a description needs times", function(d) d.times = {} end)
    refused("address of origin has a space", function(d) d.origin.address = "a b" end)
    refused("ttl of connection is a text", function(d) d.connection.ttl = "1\n" end)
    refused("name of attributes has a colon", function(d) d.attributes[1].name = "a:b" end)
    refused("value of attributes is a text", function(d) d.attributes[2].value = "a\nb" end)
    refused("formats of media is a text", function(d) d.media[1].formats = {} end)
    refused("rate of bandwidths is a text", function(d) d.bandwidths[1].rate = nil end)
  end)
end)
