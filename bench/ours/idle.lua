-- Components that wait for a message that does not come: what each takes, and what wakes them.
local kam = require "kam"
local bench = require "bench"

local Idle = kam.component "Idle" {
  inboxes = { inbox = { "what does not come", open = true } },
  main = function(self)
    for _ in self:messages() do end
  end,
}

local function park(self, n)
  for _ = 1, n do self:addChildren(Idle()) end
  self:yield()
end

local idle = {}

function idle.rss(self, n)
  park(self, 100)
  local before, start = bench.rss(), os.clock()
  park(self, n)
  local spent, after = os.clock() - start, bench.rss()
  bench.result(spent, n, " rss=%d", after - before)
end

-- a shell looks from outside how often our threads have waited: after 1 s, and 10 s later
function idle.wakeups(self, n)
  park(self, n)
  local look = "cat /proc/$PPID/task/*/status | awk '/^voluntary/ { n += $2 } END { print n }'"
  local shell <close> = io.popen(("sleep 1; %s; sleep 10; %s"):format(look, look))
  local start = os.clock()
  self:sleep(12)
  local before, after = shell:read("n", "n")
  bench.result(os.clock() - start, n, " wakeups=%d", after - before)
end

local variant, count = arg[1], tonumber(arg[2])
kam.main(function(self) idle[variant](self, count) end):run()
