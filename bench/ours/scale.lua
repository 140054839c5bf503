-- A chain of 1,000 relays, count messages; alone, or among 100,000 components that are idle.
-- pause: among 9,000 that are idle, a fresh table at each hop; how long at most nothing moves.
-- The time is that from the making of the first message to the taking of the last.
local kam = require "kam"
local bench = require "bench"

local variant, count = arg[1], tonumber(arg[2])

local Relay = kam.component "Relay" {
  main = function(self)
    for m in self:messages() do self:send(m) end
  end,
}

local last, longest = nil, 0 -- CPU time of the latest hop; the longest between two

local Clocked = kam.component "Clocked" {
  main = function(self)
    for m in self:messages() do
      local now = os.clock()
      if last and now - last > longest then longest = now - last end
      last = now
      self:send { m[1] }
    end
  end,
}

local Idle = kam.component "Idle" {
  inboxes = { inbox = { "what does not come", open = true } },
  main = function(self)
    for _ in self:messages() do end
  end,
}

local function ints(i) return i end

local function tables(i) return { i } end

local variants = {
  alone = { 0, Relay, ints, ints },
  among = { 100000, Relay, ints, ints },
  pause = { 9000, Clocked, tables, function(m) return m[1] end },
}
local idle, maker, message, value = table.unpack(variants[variant])

local start, stop
local total = 0

local row = { kam.source(bench.stream(count, function(i)
  start = start or os.clock()
  return message(i)
end)) }
for i = 1, 1000 do row[1 + i] = maker() end
row[1002] = kam.each(function(m)
  total = total + value(m)
  if value(m) == count then stop = os.clock() end
end)

for _ = 1, idle do Idle():activate() end
kam.Pipeline(row):run()
assert(total == bench.sum(count))
bench.result(stop - start, 1001 * count, " pause_ns=%.0f", longest * 1e9)
