-- SRM_Sender and SRM_Receiver.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- n messages of all sizes and bytes.
local function messages(n)
  local list = {}
  for i = 1, n do list[i] = i .. cuts.noise(i % 97) end
  return list
end

-- The packets, each moved by up to `reach` places, and some of them twice.
local function mixed(packets, reach)
  local list = {}
  for i, packet in ipairs(packets) do
    list[#list + 1] = { i + (i * 7919) % (reach + 1), i, packet }
    if i % 5 == 0 then list[#list + 1] = { i + (i * 104729) % (reach + 1), i, packet } end
  end
  table.sort(list, function(a, b)
    if a[1] ~= b[1] then return a[1] < b[1] end
    return a[2] > b[2]
  end)
  for i, entry in ipairs(list) do list[i] = entry[3] end
  return list
end

it("messages come back once and in order, although their packets do not", function()
  local list = messages(500)
  local packets = kam.try(kam.SRM_Sender { modulus = 128 }, list)
  assert.equal(500, #packets)
  assert.not_same(packets, mixed(packets, 10))
  assert.same(list, kam.try(kam.SRM_Receiver { modulus = 128 }, mixed(packets, 10)))
end)

it("packets that never come leave out their messages only", function()
  local list = messages(100)
  local packets = kam.try(kam.SRM_Sender(), list)
  for i = 90, 10, -10 do
    table.remove(packets, i)
    table.remove(list, i)
  end
  local said, got = kit.said(kam.try, kam.SRM_Receiver(), mixed(packets, 5))
  assert.same(list, got)
  kit.has(said, "warning[W0014]: RecoverOrder", ": message 9 did not come", "8 more since then, the last: message 89")
end)

it("with packets, one that is none is dropped and warned of, and the others are not", function()
  local packets = kam.try(kam.SRM_Sender(), { "one", "two", "three" })
  local sync = ("X"):rep(24)
  local bad = { "noise", sync .. "0 9\nshort", sync .. "\\q", sync .. "tag 1\nx", sync .. "99999 1\nx", sync, "" }
  local all = { bad[1], packets[1], bad[2], bad[3], packets[3], bad[4], bad[5], packets[2], bad[6], bad[7] }
  local said, got = kit.said(kam.try, kam.SRM_Receiver { packets = true }, all)
  assert.same({ "one", "two", "three" }, got)
  kit.has(said, "warning[W0014]: main", "a packet was dropped: \\q is no escape of DataChunker",
    "4 more since then")
end)

it("what lacks is waited for, for so long, and what is next in order leaves at once", function()
  local packets, got, begun, lost = kam.try(kam.SRM_Sender(), { "0", "1", "2", "3", "4" }), {}, kam.now(), nil
  kit.runs(kam.Graphline {
    SRC = kam.main(function(self)
      for _, i in ipairs { 2, 3, 5 } do
        self:send(packets[i])
        self:sleep(3)
      end
      self:sleep(60)
    end),
    R = kam.SRM_Receiver { packets = true, seconds = 2 },
    GOT = kam.each(function(text) got[#got + 1] = ("%s at %.0f s"):format(text, kam.now() - begun) end),
    LOST = kam.each(function(l) lost = l end),
    linkages = { "SRC -> R -> GOT", "R.lost -> LOST" },
  })
  assert.same({ from = 3, to = 3, count = 1 }, lost)
  assert.same({ "1 at 2 s", "2 at 3 s", "4 at 8 s" }, got)
end)

it("the receiver may begin in the middle, and in any cut", function()
  local bytes = cuts.bytes(kam.SRM_Sender(), { "one", "two", "", "XX\\" })
  local function receive() return kam.SRM_Receiver(2) end
  assert.same({ "one", "two", "", "XX\\" }, cuts.same(bytes, receive))
  assert.same({ "two", "", "XX\\" }, cuts.same(bytes:sub(9), receive))
end)

it("what lacks a part, or is no text, is an error that names the part of the chain", function()
  assert.matches("says 3 bytes of data and has 2", cuts.fails(kam.SRM_Receiver { sync = "#" }, { "#0 3\nab" }))
  assert.matches("not a string", cuts.fails(kam.SRM_Sender(), { 1 }))
end)

it("a window that is too large for the modulus, and a wrong sync, are refused", function()
  assert.has_error(function() kam.SRM_Receiver { window = 30, modulus = 64 } end)
  assert.has_error(function() kam.SRM_Sender { sync = "" } end)
end)
