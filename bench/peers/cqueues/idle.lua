-- Coroutines that wait for a message that does not come.
local cqueues = require "cqueues"
local bench = require "bench"
local park = require "park"

local count = tonumber(arg[2])
local system = cqueues.new()
park(system, 100)
local before, start = bench.rss(), os.clock()
park(system, count)
local spent, after = os.clock() - start, bench.rss()
assert(system:count() == 100 + count)
bench.result(spent, count, (" rss=%d"):format(after - before))
os.exit(true, false)
