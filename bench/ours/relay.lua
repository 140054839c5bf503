-- A source, ten relays in a row, a sink.
local kam = require "kam"
local bench = require "bench"

local variant, count = arg[1], tonumber(arg[2])

local Relay = kam.component "Relay" {
  main = function(self)
    for m in self:messages() do self:send(m) end
  end,
}

local Explicit = kam.component "Explicit" {
  main = function(self)
    while not self:shuttingDown() do
      while self:dataReady "inbox" do
        self:send(self:recv "inbox")
      end
      if not self:anyReady() then self:pause() end
    end
  end,
}

local function Successor()
  return kam.map(function(x) return x + 1 end)
end

local words = {}
for i = 0, 255 do words[i] = ("%016d"):format(i) end

local function same(i) return i end

local sum = bench.sum(count)
local variants = {
  ints = { Relay, same, same, sum },
  strings = { Relay, function(i) return words[i % 256] end, function(s) return #s end, 16 * count },
  tables = { Relay, function(i) return { i } end, function(m) return m[1] end, sum },
  explicit = { Explicit, same, same, sum },
  map = { Successor, same, same, sum + 10 * count },
}
local maker, message, value, want = table.unpack(variants[variant])

local function run(n)
  local total = 0
  local row = { kam.source(bench.stream(n, message)) }
  for i = 1, 10 do row[1 + i] = maker() end
  row[12] = kam.each(function(m) total = total + value(m) end)
  kam.Pipeline(row):run()
  return total
end

run(count // 10)
bench.measure(11 * count, function() return run(count) == want end)
