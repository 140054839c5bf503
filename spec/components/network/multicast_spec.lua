-- ReliableMulticastSender and ReliableMulticastReceiver, over the loopback interface, and
-- through the faults of a network.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local GROUP, PORT = "239.255.77.9", 17709

local function options(given)
  given[1], given[2], given.interface = GROUP, PORT, "127.0.0.1"
  return given
end

-- n messages of all sizes and bytes.
local function messages(n)
  local list = {}
  for i = 1, n do list[i] = i .. " " .. cuts.noise(i % 97) end
  return list
end

-- What several receivers get while talk(self) runs, and what was said.
local function received(n, given, talk)
  local got = {}
  local _, _, text = kit.run(kam.main(function(self)
    local receivers = {}
    for i = 1, n do
      got[i] = {}
      receivers[i] = kam.Pipeline { kam.ReliableMulticastReceiver(options(given)), kit.into(got[i]) }
      self:addChildren(receivers[i])
    end
    self:sleep(0.2)
    talk(self, got)
    for i = 1, n do receivers[i]:stop() end
  end))
  return got, text
end

-- Runs c until it has ended, then waits until each list has n messages.
local function run(self, c, got, n)
  self:addChildren(c)
  self:watch(c, "inbox")
  self:recv()
  local ends = kam.now() + 10
  local function there()
    for _, list in ipairs(got) do
      if #list < n then return false end
    end
    return true
  end
  while not there() and kam.now() < ends do self:sleep(0.02) end
end

describe("reliable multicast", function()
  it("gives each receiver of the group all messages, in order", function()
    local list = messages(300)
    local got, text = received(3, {}, function(self, got)
      run(self, kam.Pipeline { kam.DataSource(list), kam.RateLimit { messages = 1000 },
        kam.ReliableMulticastSender(options {}) }, got, 300)
    end)
    assert.equal("", text)
    for i = 1, 3 do assert.same(list, got[i]) end
  end)

  -- Packets through faults before they are sent to the group.
  local function through(faults)
    return function(list)
      return kam.Pipeline { kam.DataSource(list), kam.SRM_Sender(), faults(), kam.RateLimit { messages = 1000 },
        kam.UDPPeer { GROUP, PORT, group = GROUP, interface = "127.0.0.1" }, kam.NullSink() }
    end
  end

  it("puts in order what is overtaken, and drops what comes twice", function()
    local list = messages(300)
    local got, text = received(1, { seconds = 1 }, function(self, got)
      run(self, through(function()
        return kam.Pipeline { kam.Duplication(0.2), kam.Reordering { 0.3, distance = 5 } }
      end)(list), got, 300)
    end)
    assert.equal("", text)
    assert.same(list, got[1])
  end)

  it("tells what is lost, and keeps the order of the rest", function()
    local list, place = messages(300), {}
    for i, text in ipairs(list) do place[text] = i end
    local passed = 0
    local got, text = received(1, {}, function(self, got)
      run(self, through(function()
        return kam.Pipeline { kam.Loss(0.1), kam.map(function(packet)
          passed = passed + 1
          return packet
        end), kam.Reordering(0.2) }
      end)(list), got, 250)
      self:sleep(0.5)
    end)
    assert.is_true(passed < 300 and #got[1] == passed, #got[1])
    for i = 2, #got[1] do assert(place[got[1][i - 1]] < place[got[1][i]]) end
    kit.has(text, "warning[W0014]: RecoverOrder", "did not come")
  end)

  it("sends what did not come to lost, if that is linked, and survives what others send", function()
    local lost, got = {}, {}
    local _, _, text = kit.run(kam.main(function(self)
      local receiver = self:addChildren(kam.Graphline {
        R = kam.ReliableMulticastReceiver(options {}), GOT = kit.into(got), LOST = kit.into(lost),
        linkages = { "R -> GOT", "R.lost -> LOST" },
      })
      self:sleep(0.2)
      local packets = kam.SRM_Sender()
      local drop = 0
      run(self, kam.Pipeline { kam.DataSource { "a", "b", "c", "d" }, packets, kam.filter(function()
        drop = drop + 1
        return drop ~= 2
      end), kam.map(function(packet) return packet end), kam.UDPPeer { GROUP, PORT, group = GROUP,
        interface = "127.0.0.1" }, kam.NullSink() }, { got }, 3)
      run(self, kam.Pipeline { kam.OneShot "noise", kam.UDPPeer { GROUP, PORT, group = GROUP,
        interface = "127.0.0.1" }, kam.NullSink() }, {}, 0)
      run(self, kam.Pipeline { kam.OneShot((("X"):rep(24)) .. "no frame"), kam.UDPPeer { GROUP, PORT, group = GROUP,
        interface = "127.0.0.1" }, kam.NullSink() }, {}, 0)
      self:sleep(0.3)
      receiver:stop()
    end))
    assert.same({ "a", "c", "d" }, got)
    assert.same({ { from = 1, to = 1, count = 1 } }, lost)
    kit.has(text, "warning[W0014]: main", "a packet was dropped: message")
    kit.lacks(text, "error")
  end)
end)
