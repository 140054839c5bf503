-- Grey's store with a million triplets, most of them known: so many look-ups through the engine, one
-- after the other (alone) or by 64 at once (look); or look-ups until so many triplets have been swept
-- (sweep). All say how long the slowest look-up took.
local bench = require "bench"
local kam = require "kam"

package.path = "apps/grey/?.lua;" .. package.path
local GreyEngine = require "engine"
local configuration = require "config"
local store = require "store"

local TRIPLETS = 1000000
local folder = "build/bench/triplets"

-- Triplet i: of a client, a sender and a recipient as long as usual.
local FILL = [[with recursive n(i) as (select 0 union all select i + 1 from n where i < ? - 1)
  insert into triplet select printf('%d.%d.%d.0/24', i * 7919 % 223 + 1, i / 256 % 256, i % 256),
    printf('sender%s.%s@mail%s.example.com', char(97 + i % 26), char(97 + i / 26 % 26),
      char(97 + i / 676 % 26)),
    printf('user%s@example.org', char(97 + i % 17)), ? - 90000, ? - ?,
    case when i % 10 then ? - 86400 end, 2 from n]]

local function triplet(i) -- as an engine is asked of it
  return { client = ("%d.%d.%d.9"):format(i * 7919 % 223 + 1, i // 256 % 256, i % 256), helo = "mx.example.com",
    sender = ("sender%c.%c@mail%c.example.com"):format(97 + i % 26, 97 + i // 26 % 26, 97 + i // 676 % 26),
    recipient = ("user%c@example.org"):format(97 + i % 17) }
end

local function config()
  assert(os.execute(("rm -rf %s && mkdir -p %s"):format(folder, folder)))
  local f <close> = assert(io.open(folder .. "/grey.conf", "w"))
  f:write("allowed_domains = example.org\nauto_whitelist = 0\ndatabase = ", folder, "/grey.db\n")
  f:close()
  local c, found = configuration.read(folder .. "/grey.conf")
  assert(found.errors == 0, found:text())
  return c
end

-- A store whose triplets were last used so many seconds ago.
local function fill(self, c, ago)
  local db = self:addChildren(store.database(c.database, 60))
  assert(store.prepare(self, db))
  local now = os.time()
  local out = assert(store.ask(self, db, { { FILL, { TRIPLETS, now, now, ago, now } } }))
  assert(out[1].changes == TRIPLETS, "the store was not filled")
  store.checkpoint(self, db)
  db:stop()
end

-- So many at once look triplets up while there are more, in no order: the seconds of all, and of the
-- slowest. Those that have not passed, one of ten, and those of clients behind "5" are left out.
local function look(self, engine, together, more)
  local slowest, n, i, begun = 0, 0, 0, kam.now()
  local over = self:addInbox "over"
  for _ = 1, together do
    local asker = self:addChildren(kam.main(function(asker)
      while more(n) do
        i = (i + 7368787) % TRIPLETS
        local msg = triplet(i)
        if i % 10 ~= 0 and msg.client < "5" then
          local asked = kam.now()
          local verdict = asker:ask(engine, msg)
          assert(verdict.reason == "known", verdict.reason)
          n, slowest = n + 1, math.max(slowest, kam.now() - asked)
        end
      end
    end))
    self:watch(asker, over)
  end
  for _ = 1, together do assert(self:recv(over).ok) end
  return kam.now() - begun, slowest, n
end

-- Asks the engine to end, with all written.
local function finish(self, engine)
  local box = self:addOutbox "finish"
  self:link({ self, box }, { engine, "config" })
  self:send(false, box)
end

local rows = {}

local function looked(self, count, together)
  local c = config()
  fill(self, c, 1000)
  local engine = self:addChildren(GreyEngine { config = c })
  look(self, engine, together, function(n) return n < count end)
  local spent, slowest, n = look(self, engine, together, function(done) return done < count end)
  bench.result(spent, n, " slowest_ns=%.0f", slowest * 1e9)
  finish(self, engine)
end

function rows.alone(self, count) looked(self, count, 1) end
function rows.look(self, count) looked(self, count, 64) end

function rows.sweep(self, count)
  local c = config()
  fill(self, c, 1000)
  local now = os.time()
  local db = self:addChildren(store.database(c.database, 60))
  assert(store.ask(self, db, { "update triplet set first = ?, passed = null where client > '5'",
    { now - 999999 } }))
  store.checkpoint(self, db)
  db:stop()
  local swept = 0
  local ear = self:addChildren(kam.each(function(counts) swept = counts.swept end))
  local engine = self:addChildren(GreyEngine { config = c, sweepEvery = 1 })
  self:link({ engine, "counts" }, { ear, "inbox" })
  look(self, engine, 1, function(n) return n < 1000 end)
  local spent, slowest, n = look(self, engine, 1, function() return swept < count end)
  bench.result(spent, n, " slowest_ns=%.0f", slowest * 1e9)
  finish(self, engine)
end

local variant, count = arg[1], tonumber(arg[2])
kam.main(function(self) rows[variant](self, count) end):run()
os.execute("rm -rf " .. folder)
