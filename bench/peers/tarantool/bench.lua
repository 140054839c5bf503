-- What the rows share: CPU time, the RESULT line.
local clock = require "clock"

local bench = { cpu = clock.proc }

-- prints the CPU time that work() takes; work says whether its result is right
function bench.measure(ops, work)
  local start = clock.proc()
  local right = work()
  bench.result(clock.proc() - start, ops)
  os.exit(right and 0 or 1)
end

function bench.result(seconds, ops, more)
  print(("RESULT cpu_ns=%.0f ops=%d%s"):format(seconds * 1e9, ops, more or ""))
end

-- resident bytes of this process
function bench.rss()
  local file = assert(io.open("/proc/self/statm"))
  local _, pages = file:read("*n", "*n")
  file:close()
  return pages * 4096
end

-- 1 + 2 + … + n
function bench.sum(n)
  return n * (n + 1) / 2
end

return bench
