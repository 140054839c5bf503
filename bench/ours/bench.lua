-- What the rows share: CPU time, the RESULT line.
local bench = {}

-- prints the CPU time that work() takes; work says whether its result is right
function bench.measure(ops, work)
  local start = os.clock()
  local right = work()
  bench.result(os.clock() - start, ops)
  if not right then error("wrong result") end
end

function bench.result(seconds, ops, more, ...)
  print(("RESULT cpu_ns=%.0f ops=%d"):format(seconds * 1e9, ops) .. (more or ""):format(...))
end

-- resident bytes of this process
function bench.rss()
  local file <close> = assert(io.open("/proc/self/status"))
  return 1024 * file:read("a"):match "VmRSS:%s*(%d+)"
end

-- 1 + 2 + … + n
function bench.sum(n)
  return n * (n + 1) // 2
end

-- an iterator over message(1) to message(n)
function bench.stream(n, message)
  local i = 0
  return function()
    i = i + 1
    if i <= n then return message(i) end
  end
end

return bench
