-- A chain of 1,000 relays, count messages; alone, or among 100,000 coroutines that are idle.
local cqueues = require "cqueues"
local bench = require "bench"
local chain = require "chain"
local park = require "park"

local function same(i) return i end

local variant, count = arg[1], tonumber(arg[2])
local system = cqueues.new()
if variant == "among" then park(system, 100000) end
local function run(n) return chain(system, 1000, n, same, same) end

run(count // 10)
bench.measure(1001 * count, function() return run(count) == bench.sum(count) end)
os.exit(true, false) -- what is idle would keep a loop going
