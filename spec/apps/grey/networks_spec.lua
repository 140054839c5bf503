-- apps/grey/networks.lua: addresses, networks, sets of them.
local library = require "kam.library"
package.path = library.root .. "/apps/grey/?.lua;" .. package.path
local networks = require "networks"

local function net(text) return assert(networks.parse(text)) end

describe("an address", function()
  it("has one text, however it is written", function()
    for text, wanted in pairs {
      ["192.0.2.1"] = "192.0.2.1", ["::ffff:192.0.2.1"] = "192.0.2.1", ["::FFFF:c000:201"] = "192.0.2.1",
      ["2001:DB8::1"] = "2001:db8::1", ["2001:0db8:0:0:0:0:0:1"] = "2001:db8::1", ["::"] = "::", ["::1"] = "::1",
      ["fe80::1%eth0"] = "fe80::1", ["1:0:0:2:0:0:0:3"] = "1:0:0:2::3", ["1:2:3:4:5:6:7:8"] = "1:2:3:4:5:6:7:8",
      ["::192.0.2.1"] = "::c000:201", ["64:ff9b::192.0.2.33"] = "64:ff9b::c000:221", ["1:0:3:4:5:6:7:8"] = "1:0:3:4:5:6:7:8",
      ["1::"] = "1::", ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"] = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    } do
      assert.equal(wanted, networks.text(assert(networks.address(text), text)))
    end
  end)

  it("is nothing else", function()
    for _, text in ipairs { "", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "010.0.0.1", "1.2.3.4 ", " 1.2.3.4", "1.2.3.x",
      "0x7f.1.1.1",
      ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1:2:3:4:5:6:7::8", "::1.2.3", "1.2.3.4::",
      "example.org", "[::1]", "2130706433", "1..2.3", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:" } do
      assert.is_nil(networks.address(text), text)
    end
  end)

  it("agrees with python about random ones", function()
    local python = io.popen "command -v python3":read "l"
    if not python then pending "needs python3" return end
    local f <close> = assert(io.popen([[python3 -c '
import ipaddress, random
r = random.Random(7)
for i in range(3000):
    a = ipaddress.IPv6Address(r.getrandbits(128) & r.choice([-1, 0xffff, 0xffff << 112, 0xffff0000ffff << 40,
      0xffff << 64 | 1]) & (2**128-1))
    n = r.randrange(129)
    if a.ipv4_mapped: continue
    print(a, a.exploded, n, ipaddress.IPv6Network((a, n), strict=False))
    a = ipaddress.IPv4Address(r.getrandbits(32)); n = r.randrange(33)
    print(a, a, n, ipaddress.IPv4Network((a, n), strict=False))
']]))
    local count = 0
    for line in f:lines() do
      local short, long, bits, wanted = line:match "^(%S+) (%S+) (%d+) (%S+)$"
      count = count + 1
      bits = tonumber(bits)
      assert.equal(short, networks.text(networks.address(long)))
      assert.equal((wanted:gsub("/32$", short:find ":" and "/32" or ""):gsub("/128$", "")), networks.key(long, bits, bits))
    end
    assert.is_true(count > 5000)
  end)
end)

describe("a network", function()
  it("is read, and written in its one form", function()
    for text, wanted in pairs { ["192.0.2.0/24"] = "192.0.2.0/24", ["192.0.2.7"] = "192.0.2.7", ["192.0.2.7/32"] = "192.0.2.7",
      ["::ffff:192.0.2.0/120"] = "192.0.2.0/24", ["2001:db8::/32"] = "2001:db8::/32", ["0.0.0.0/0"] = "0.0.0.0/0",
        ["::/0"] = "::/0",
      ["2001:db8::1/128"] = "2001:db8::1" } do
      assert.equal(wanted, networks.net_text(net(text)))
    end
  end)

  it("is refused with a mend if it has bits behind its prefix", function()
    local found, why, mend = networks.parse "192.0.2.7/24"
    assert.is_nil(found)
    assert.truthy(why:find "bits behind")
    assert.equal("192.0.2.0/24", mend)
  end)

  it("is nothing else", function()
    for _, text in ipairs { "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/24/8", "x/8", "::/129", "/8", "1.2.3.0/0x8",
      "::ffff:1.2.3.4/64" } do
      assert.is_nil((networks.parse(text)), text)
    end
  end)

  it("is made of the beginning of an address, by whole octets, and what that also was is told", function()
    local function prefix(text)
      local found, also = networks.prefix(text)
      return found and networks.net_text(found), also
    end
    assert.same({ "10.0.0.0/8", "100 to 109" }, { prefix "10" })
    assert.same({ "192.168.2.0/24", "192.168.20 to 192.168.29 and 192.168.200 to 192.168.255" }, { prefix "192.168.2" })
    assert.same({ "192.168.2.0/24" }, { prefix "192.168.2." })
    assert.same({ "192.168.200.0/24" }, { prefix "192.168.200" })
    assert.same({ "192.168.0.0/16" }, { prefix "192.168" })
    assert.same({ "192.168.2.9", "192.168.2.90 to 192.168.2.99" }, { prefix "192.168.2.9" })
    assert.same({ "10.0.0.0/16" }, { prefix "10.0" })
    for _, text in ipairs { "", ".", "300", "1.2.3.4.", "1..2", "a", "1.2.3.4.5", "010" } do assert.is_nil((prefix(text)),
      text) end
  end)

  it("is what a client counts as", function()
    assert.equal("192.0.2.0/24", networks.key("192.0.2.77", 24, 64))
    assert.equal("192.0.2.0/24", networks.key("::ffff:192.0.2.77", 24, 64))
    assert.equal("2001:db8:1:2::/64", networks.key("2001:db8:1:2:3:4:5:6", 24, 64))
    assert.equal("192.0.2.77", networks.key("192.0.2.77", 32, 64))
    assert.equal("unknown", networks.key("unknown", 24, 64))
  end)
end)

describe("a set of networks", function()
  it("finds the longest prefix", function()
    local set = networks.set()
    for _, text in ipairs { "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "2001:db8::/32", "2001:db8::5", "2001:db8:0:0:8000::/65" } do
      set:add(net(text))
    end
    assert.equal("10.0.0.0/8", set:find "10.200.0.1")
    assert.equal("10.1.0.0/16", set:find "10.1.9.9")
    assert.equal("10.1.2.3", set:find "::ffff:10.1.2.3")
    assert.equal("2001:db8::/32", set:find "2001:db8::6")
    assert.equal("2001:db8::5", set:find "2001:db8::5")
    assert.equal("2001:db8:0:0:8000::/65", set:find "2001:db8::8000:0:0:1")
    assert.is_nil(set:find "11.0.0.1")
    assert.is_nil(set:find "::10.0.0.1")
    assert.is_nil(set:find "no address")
  end)

  it("of everything has everything of its kind", function()
    local set = networks.set()
    set:add(net "0.0.0.0/0", "all")
    assert.equal("all", set:find "255.255.255.255")
    assert.is_nil(set:find "::1")
  end)

  it("finds what looking at each finds, in thousands", function()
    local set, list = networks.set(), {}
    for i = 1, 3000 do
      local bits = math.random(8, 32)
      local n = (math.random(0, 0xffffffff) & (0xffffffff << (32 - bits))) & 0xffffffff
      list[i] = { n, bits }
      set:add(net(("%d.%d.%d.%d/%d"):format(n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255, bits)))
    end
    for _ = 1, 3000 do
      local a = math.random(0, 0xffffffff)
      local best
      for _, one in ipairs(list) do
        if a & (0xffffffff << (32 - one[2])) & 0xffffffff == one[1] then best = math.max(best or 0, one[2]) end
      end
      local found = set:find(("%d.%d.%d.%d"):format(a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255))
      assert.equal(best, found and (tonumber(found:match "/(%d+)$") or 32))
    end
  end)
end)
