-- The rows of the table: what is measured, in what unit, what is to be reached, who else is asked.
-- A command prints `RESULT cpu_ns=N ops=N …`; $row and $variant are a row's name, $count its count.

local function erlang(variant)
  return "ERL_CRASH_DUMP_SECONDS=0 erl +S 1 +sbwt none +sbwtdcpu none +sbwtdio none"
    .. " -noinput -pa build/bench/erlang -run bench main $row " .. variant .. " $count"
end

-- who runs: `here` succeeds where it can be had, `share` is the part of the count that it is given
local parties = {
  ours = {
    name = "ours", here = "test -x build/kam",
    command = "build/kam bench/ours/$row.lua $variant $count",
  },
  oursInC = {
    name = "ours", here = "test -x build/bench_$row",
    command = "build/bench_$row $variant $count",
  },
  go1 = {
    name = "Go, GOMAXPROCS=1", of = "Go", here = "command -v go", build = "go",
    command = "GOMAXPROCS=1 build/bench/go $row $variant $count",
  },
  go = {
    name = "Go, default", of = "Go", here = "command -v go", build = "go",
    command = "build/bench/go $row $variant $count",
  },
  erlang = {
    name = "Erlang +S 1", of = "Erlang", here = "command -v erlc", build = "erlang", share = 0.5,
    command = erlang "$variant",
  },
  erlangPlain = {
    name = "Erlang +S 1, no bound", of = "Erlang", here = "command -v erlc", build = "erlang",
    share = 0.5,
    command = erlang "$variant_plain",
  },
  oursFiles = {
    name = "ours", here = "test -x build/kam", command = "sh bench/files.sh ours $variant",
  },
  luajit = {
    name = "LuaJIT, by hand", of = "LuaJIT", here = "command -v luajit",
    command = "sh bench/files.sh luajit $variant",
  },
  grep = {
    name = "grep -F", of = "grep", here = "command -v grep",
    command = "sh bench/files.sh grep $variant",
  },
  cp = { name = "cp", of = "cp", here = "command -v cp", command = "sh bench/files.sh cp $variant" },
  libuv = {
    name = "libuv (C)", of = "libuv", here = "pkg-config --exists libuv", build = "libuv",
    share = 0.2,
    command = "build/bench/libuv $variant $count",
  },
  echoInC = {
    name = "ours, a handler in C", here = "test -x build/kam", build = "echo",
    command = "sh bench/echo.sh c $variant $count",
  },
  echoInLua = {
    name = "ours, a handler in Lua", here = "test -x build/kam", build = "echo",
    command = "sh bench/echo.sh lua $variant $count",
  },
  echoLibuv = {
    name = "libuv (C)", of = "libuv", here = "pkg-config --exists libuv", build = "echo",
    command = "sh bench/echo.sh libuv $variant $count",
  },
  webOurs = {
    name = "ours", here = "test -x build/kam && command -v wrk",
    command = "sh bench/web.sh ours $variant $count",
  },
  webNginx = {
    name = "nginx", of = "nginx", here = "command -v nginx && command -v wrk",
    command = "sh bench/web.sh nginx $variant $count",
  },
  webNode = {
    name = "Node http", of = "Node", here = "command -v node && command -v wrk",
    command = "sh bench/web.sh node $variant $count",
  },
  webGo = {
    name = "Go net/http", of = "Go", here = "command -v go && command -v wrk", build = "goHTTP",
    command = "sh bench/web.sh go $variant $count",
  },
  netOurs = {
    name = "ours", here = "test -x build/kam", build = "netLoad",
    command = "sh bench/net.sh ours $row $variant $count",
  },
  netWs = {
    name = "Node ws", of = "Node ws", here = "test -d /usr/share/nodejs/ws", build = "netLoad",
    command = "sh bench/net.sh ws $row $variant $count",
  },
  netHaproxy = {
    name = "haproxy", of = "haproxy", here = "command -v haproxy", build = "netLoad",
    command = "sh bench/net.sh haproxy $row $variant $count",
  },
  mailOurs = {
    name = "ours", here = "test -x build/kam && command -v smtp-sink", build = "mailLoad",
    command = "sh bench/mail.sh ours $row $variant $count",
  },
  mailPostfix = {
    name = "Postfix with postgrey", of = "Postfix", here = "command -v postgrey && command -v smtp-sink",
    build = "mailLoad", command = "sh bench/mail.sh postfix $row $variant $count", share = 0.2,
  },
  mailRelay = { -- what two connections cost, and all that is said on them
    name = "haproxy, which only relays", of = "haproxy", here = "command -v haproxy && command -v smtp-sink",
    build = "mailLoad", command = "sh bench/mail.sh haproxy $row $variant $count",
  },
  tarantool = {
    name = "Tarantool fibers", of = "Tarantool", here = "command -v tarantool", share = 0.5,
    command = "LUA_PATH='bench/peers/tarantool/?.lua;;' tarantool"
      .. " bench/peers/tarantool/$row.lua $variant $count",
  },
  cqueues = {
    name = "cqueues", of = "cqueues", here = [[lua5.4 -e 'require "cqueues"']], share = 0.2,
    command = "LUA_PATH='bench/peers/cqueues/?.lua;;' lua5.4"
      .. " bench/peers/cqueues/$row.lua $variant $count",
  },
  asyncio = {
    name = "Python asyncio", of = "asyncio", here = "command -v python3", share = 0.05,
    command = "python3 -B bench/peers/asyncio/$row.py $variant $count",
  },
}

-- what is built into build/bench: again when something in `from` is newer than `into`
local builds = {
  go = {
    from = "bench/peers/go", into = "build/bench/go",
    command = "go build -o build/bench/go bench/peers/go/*.go",
  },
  erlang = {
    from = "bench/peers/erlang", into = "build/bench/erlang/bench.beam",
    command = "mkdir -p build/bench/erlang && erlc -o build/bench/erlang bench/peers/erlang/*.erl",
  },
  libuv = {
    from = "bench/peers/libuv", into = "build/bench/libuv",
    command = "cc -O2 -std=c11 -D_GNU_SOURCE -o build/bench/libuv bench/peers/libuv/timers.c"
      .. " $(pkg-config --cflags --libs libuv)",
  },
}

builds.goHTTP = {
  from = "bench/peers/go_http", into = "build/bench/http_go",
  command = "go build -o build/bench/http_go bench/peers/go_http/http.go",
}

builds.netLoad = {
  from = "bench/peers/libuv", into = "build/bench/net_load",
  command = "cc -O2 -std=c11 -D_GNU_SOURCE -o build/bench/net_load bench/peers/libuv/net_load.c",
}

builds.mailLoad = {
  from = "bench/peers/libuv", into = "build/bench/mail_load",
  command = "cc -O2 -std=c11 -D_GNU_SOURCE -o build/bench/mail_load bench/peers/libuv/mail_load.c",
}

builds.echo = {
  from = "bench/peers/libuv", into = "build/bench/echo",
  command = "cc -O2 -std=c11 -D_GNU_SOURCE -o build/bench/echo_load bench/peers/libuv/echo_load.c"
    .. " && cc -O2 -std=c11 -D_GNU_SOURCE -o build/bench/echo bench/peers/libuv/echo.c"
    .. " $(pkg-config --cflags --libs libuv)",
}

-- what the first line says of the machine
local versions = {
  { name = "kam", command = "build/kam --version | grep -o '[0-9][0-9.]*'" },
  { name = "Lua", command = "lua5.4 -v | grep -o '[0-9][0-9.]*'" },
  { name = "Go", command = "go env GOVERSION" },
  {
    name = "Erlang/OTP",
    command = "erl -noinput -eval 'io:put_chars(erlang:system_info(otp_release)), halt().'",
  },
  { name = "Tarantool", command = "tarantool --version | grep -o '[0-9][0-9.]*'" },
  { name = "cqueues", command = [[lua5.4 -e 'print(require "cqueues".VERSION)']] },
  { name = "Python", command = "python3 --version | grep -o '[0-9][0-9.]*'" },
  { name = "nginx", command = "nginx -v 2>&1 | grep -o '[0-9][0-9.]*'" },
  { name = "haproxy", command = "haproxy -v | grep -o '[0-9][0-9.]*'" },
  { name = "Node", command = "node --version" },
  { name = "libuv", command = "pkg-config --modversion libuv" },
}

-- what a run is worth; the first result is that of $variant, a second that of `against`
local function ns(r) return r.cpu_ns / r.ops end
local function us(r) return r.cpu_ns / r.ops / 1e3 end
local function times(r, against) return ns(r) / ns(against) end

local relays = { "go1", "go", "erlang", "erlangPlain", "tarantool", "cqueues", "asyncio" }
local all = { "go1", "go", "erlang", "tarantool", "cqueues", "asyncio" }
local fewer = { tarantool = 20000 } -- a process has mappings for 30,000 stacks

local rows = {
  {
    name = "relay ints", what = "10 Lua components in a row, integers, boxes of 256",
    unit = "ns a hop", value = ns, count = 1000000, ours = "ours", peers = relays,
    reach = { { atMost = 60 }, { atMost = 0.95, of = "Erlang" } },
  },
  {
    name = "relay strings", what = "10 Lua components in a row, strings of 16 bytes",
    unit = "ns a hop", value = ns, count = 1000000, ours = "ours", peers = relays,
    reach = { { atMost = 80 } },
  },
  {
    name = "relay tables", what = "10 Lua components in a row, a fresh table for each message",
    unit = "ns a hop", value = ns, count = 1000000, ours = "ours", peers = relays,
    reach = { { atMost = 80 } },
  },
  {
    name = "relay explicit", what = "integers, with dataReady, recv, send, anyReady, pause",
    unit = "ns a hop", value = ns, count = 500000, ours = "ours", peers = {},
    reach = { { atMost = 180 } },
  },
  {
    name = "relay map", what = "10 kam.map(function(x) return x + 1 end) in a row",
    unit = "ns a hop", value = ns, count = 1000000, ours = "ours", peers = {},
    reach = { { atMost = 30 } },
  },
  {
    name = "buffers counted", what = "10 relays in C, counted buffers of 4 KiB",
    unit = "ns a hop", value = ns, count = 1000000, ours = "oursInC", peers = { "go1", "go" },
    reach = { { atMost = 6 }, { atMost = 0.25, of = "Go" } },
  },
  {
    name = "pingpong ints", what = "two pass one message to and fro",
    unit = "ns a message", value = ns, count = 4000000, ours = "ours", peers = all,
    reach = { { atMost = 100 }, { lessThan = 1, of = "Go" } },
  },
  {
    name = "spawn alive", what = "100,000 alive at once: made, fed one message, ended",
    unit = "µs each", value = us, count = 100000, fixed = true, counts = fewer, ours = "ours",
    peers = all, reach = { { atMost = 1.5 } },
  },
  {
    name = "spawn sequence", what = "one after another: made, linked, fed, ended",
    unit = "µs each", value = us, count = 400000, ours = "ours", peers = all,
    reach = { { atMost = 1.2 } },
  },
  {
    name = "idle rss", what = "100,000 that wait, each with a box: resident memory",
    unit = "bytes each", value = function(r) return r.rss / r.ops end,
    count = 100000, fixed = true, counts = fewer, ours = "ours", peers = all,
    reach = { { atMost = 2000 } },
  },
  {
    name = "idle wakeups", what = "100,000 that wait: how often the process wakes in 10 s",
    unit = "wake-ups", value = function(r) return r.wakeups end,
    count = 100000, fixed = true, rounds = 1, ours = "ours", peers = {},
    reach = { { atMost = 0 } },
  },
  {
    name = "scale among", what = "a chain of 1,000 among 100,000 that wait, against it alone",
    unit = "times", value = times, against = "alone", count = 10000, ours = "ours",
    peers = all, notes = { tarantool = "among 20,000" },
    reach = { { atMost = 1.2 } },
  },
  {
    name = "scale pause", what = "1,000 active among 10,000: longest time without a hop",
    unit = "ms", value = function(r) return r.pause_ns / 1e6 end,
    count = 4000, ours = "ours", peers = {},
    reach = { { atMost = 2 } },
  },
  {
    name = "timers random", what = "one of 100,000 live timers is set anew, to 30 to 60 s",
    unit = "ns", value = ns, count = 5000000, ours = "oursInC",
    peers = { "go1", "go", "erlang", "libuv" },
    reach = { { atMost = 20 } },
  },
  {
    name = "timers later", what = "the same, always to a later time",
    unit = "ns", value = ns, count = 5000000, ours = "oursInC",
    peers = { "go1", "go", "erlang", "libuv" },
    reach = { { atMost = 5 } },
  },
  {
    name = "files filter", what = "the lines of 1 GB that have a text in them, into a file",
    unit = "s on the wall", value = function(r) return r.wall_ns / 1e9 end,
    count = 1, fixed = true, rounds = 6, ours = "oursFiles", peers = { "luajit", "grep" },
    reach = { { atMost = 1, of = "LuaJIT" }, { atMost = 3, of = "grep" } },
  },
  {
    name = "files copy", what = "1 GB from a file into another one",
    unit = "s on the wall", value = function(r) return r.wall_ns / 1e9 end,
    count = 1, fixed = true, rounds = 6, ours = "oursFiles", peers = { "cp" },
    reach = { { atMost = 1.2, of = "cp" } },
  },
  {
    name = "overload bounded",
    what = "fast producer, slow consumer: memory after 30 s over that after 3 s",
    unit = "KiB", value = function(r) return r.growth / 1024 end,
    count = 30, quick = 10, fixed = true, rounds = 1, ours = "ours", peers = {},
    reach = { { atMost = 1024 } },
  },
}

-- The server's processor time for a request that wrk makes by one of 64 connections.
local function web(variant, what, peers, reach)
  table.insert(rows, { name = "http " .. variant, what = what, unit = "µs a request", value = us, count = 3,
    fixed = true, quick = 1, rounds = 5, ours = "webOurs", peers = peers, reach = reach or {} })
end
web("lua", "hello, answered by a function in Lua", { "webNginx", "webNode", "webGo" },
  { { lessThan = 1, of = "Go" }, { lessThan = 1, of = "Node" } })
web("c", "hello, the same each time, answered without Lua", { "webNginx" }, { { atMost = 1.18, of = "nginx" } })
web("folder", "a file of 1 MiB, the route is its folder", { "webNginx" }, { { atMost = 1.11, of = "nginx" } })
web("files", "the same, which a function in Lua gives", { "webNginx" })

-- The network by a load of ours: so many connections.
table.insert(rows, { name = "relay_tcp 8", what = "64 KiB through a TCP relay, 8 connections",
  unit = "µs of its processor", value = us, count = 2000000000, rounds = 5, ours = "netOurs",
  peers = { "netHaproxy" },
  reach = { { atMost = 1.11, of = "haproxy" } } })
table.insert(rows, { name = "broadcast 1000", what = "a text of 64 bytes to 1,000 WebSockets, 8 on their way",
  unit = "µs each", value = us, count = 400, rounds = 5, ours = "netOurs", peers = { "netWs" },
  reach = { { atMost = 0.333, of = "Node ws" } } })
table.insert(rows, { name = "idle_tcp 10000",
  what = "connections that say nothing, each with a handler in Lua: memory",
  unit = "bytes each", value = function(r) return r.rss / r.ops end, count = 1, fixed = true, rounds = 2,
  ours = "netOurs", peers = {}, reach = { { atMost = 4096 } } })
table.insert(rows, { name = "connect 50", what = "connections at once: the longest time until one has its echo",
  unit = "ms", value = function(r) return r.worst_ns / 1e6 end, count = 1, fixed = true, rounds = 5,
  ours = "netOurs", peers = {}, reach = { { lessThan = 100 } } })

-- Grey before a sink: so many clients at once.
local function mail(row, what, count, ...)
  table.insert(rows, { name = row, what = what, unit = "µs of its processor", value = us, count = count,
    rounds = 4, ours = "mailOurs", peers = { "mailPostfix", ... }, reach = { { atMost = 0.2, of = "Postfix" } } })
end
mail("turned_away 16", "sessions with a recipient that is new, refused for now", 20000)
mail("proxied 1", "mails of 4 KB to a recipient that is known, by one client", 5000, "mailRelay")
mail("proxied 64", "the same, by 64 clients at once", 10000, "mailRelay")
table.insert(rows, { name = "late 1", what = "what a mail takes longer than straight to the sink, 99 of 100",
  unit = "ms", value = function(r) return r.late_ns / 1e6 end, count = 2000, rounds = 3, ours = "mailOurs",
  peers = { "mailPostfix" }, reach = { { atMost = 5 } } })
table.insert(rows, { name = "idle_mail 5000", what = "sessions that say nothing behind EHLO: memory",
  unit = "bytes each", value = function(r) return r.rss / r.ops end, count = 1, fixed = true, rounds = 2,
  ours = "mailOurs", peers = {}, reach = { { atMost = 6144 } } })

-- Grey's store of a million triplets.
for _, row in ipairs { { "alone", "one asks at a time" }, { "look", "64 ask at once" } } do
  table.insert(rows, { name = "triplets " .. row[1], what = "a triplet is looked up: the time of each; " .. row[2],
    unit = "µs", value = us, count = 20000, rounds = 3, ours = "ours", peers = {}, reach = { { atMost = 50 } } })
end
table.insert(rows, { name = "triplets sweep", unit = "ms", value = function(r) return r.slowest_ns / 1e6 end,
  what = "the longest that a look-up took while 50,000 were swept", count = 50000, fixed = true, rounds = 2,
  ours = "ours", peers = {}, reach = { { atMost = 5 } } })

-- By so many connections, and so many messages in one write.
for _, variant in ipairs { "1x1", "64x1", "1000x1", "10000x1", "64x16" } do
  local function row(language, ours, limit)
    return {
      name = ("echo_%s %s"):format(language, variant),
      what = "64 bytes over TCP and back: the server's processor time for connections x together",
      unit = "µs", value = us, count = 200000, rounds = 4, ours = ours, peers = { "echoLibuv" },
      reach = { { atMost = limit, of = "libuv" } },
    }
  end
  local together = variant == "64x16"
  table.insert(rows, row("c", "echoInC", together and 1.1 or 1.08))
  if not together then table.insert(rows, row("lua", "echoInLua", 1.3)) end
end

return { rows = rows, parties = parties, builds = builds, versions = versions }
