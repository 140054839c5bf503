-- A chain of 1,000 relays, count messages; alone, or among 20,000 fibers that are
-- idle: each stack takes two of the 65,530 memory mappings that Linux allows a process.
local bench = require "bench"
local chain = require "chain"
local park = require "park"

local function same(i) return i end

local variant, count = arg[1], tonumber(arg[2])
if variant == "among" then park(20000) end
local function run(n) return chain(1000, n, same, same) end

run(count / 10)
bench.measure(1001 * count, function() return run(count) == bench.sum(count) end)
