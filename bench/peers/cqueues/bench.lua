-- What the rows share: CPU time, the RESULT line.
local bench = {}

-- prints the CPU time that work() takes; work says whether its result is right
function bench.measure(ops, work)
  local start = os.clock()
  local right = work()
  bench.result(os.clock() - start, ops)
  if not right then error("wrong result") end
end

function bench.result(seconds, ops, more)
  print(("RESULT cpu_ns=%.0f ops=%d%s"):format(seconds * 1e9, ops, more or ""))
end

-- resident bytes of this process
function bench.rss()
  local file <close> = assert(io.open("/proc/self/statm"))
  local _, pages = file:read("n", "n")
  return pages * 4096
end

-- 1 + 2 + … + n
function bench.sum(n)
  return n * (n + 1) // 2
end

return bench
