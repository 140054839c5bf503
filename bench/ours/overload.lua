-- A producer that is fast, a consumer that is slow: does memory grow? COUNT is in seconds.
local kam = require "kam"
local bench = require "bench"

local seconds = tonumber(arg[2])
local taken = 0

local producer = kam.main(function(self)
  local i = 0
  repeat i = i + 1 until not self:send { number = i, text = ("%099d"):format(i) }
end)

-- some 20 µs of work for each
local consumer = kam.each(function(m)
  for _ = 1, 2000 do m.number = m.number + 1 end
  taken = taken + 1
end)

local watcher = kam.main(function(self)
  self:sleep(3)
  local early = bench.rss()
  self:sleep(seconds - 3)
  bench.result(os.clock(), taken, " growth=%d", bench.rss() - early)
  kam.stop()
end)

kam.run(kam.Pipeline(producer, consumer), watcher)
