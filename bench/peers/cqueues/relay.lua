-- A source, ten relays in a row, a sink.
local cqueues = require "cqueues"
local bench = require "bench"
local chain = require "chain"

local variant, count = arg[1], tonumber(arg[2])
local words = {}
for i = 0, 255 do words[i] = ("%016d"):format(i) end

local function same(i) return i end

local variants = {
  ints = { message = same, value = same, want = bench.sum(count) },
  strings = {
    message = function(i) return words[i % 256] end,
    value = function(s) return #s end,
    want = 16 * count,
  },
  tables = {
    message = function(i) return { i } end,
    value = function(m) return m[1] end,
    want = bench.sum(count),
  },
}
local row = variants[variant]

local function run(n) return chain(cqueues.new(), 10, n, row.message, row.value) end

run(count // 10)
bench.measure(11 * count, function() return run(count) == row.want end)
