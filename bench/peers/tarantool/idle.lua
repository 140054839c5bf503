-- Fibers that wait for a message that does not come.
local bench = require "bench"
local park = require "park"

local count = tonumber(arg[2])
park(100)
local before, start = bench.rss(), bench.cpu()
park(count)
local spent, after = bench.cpu() - start, bench.rss()
bench.result(spent, count, (" rss=%d"):format(after - before))
os.exit(0)
