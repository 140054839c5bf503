-- The engine on its store, by the virtual clock: hours and weeks pass at once.
local kam = require "kam"
local place = require "spec.lua.place"
local spec_kit = require "spec.lua.kit"

package.path = "apps/grey/?.lua;" .. package.path
local GreyEngine = require "engine"
local configuration = require "config"

local MINUTE, HOUR, DAY = 60, 3600, 86400

describe("GreyEngine", function()
  local here
  before_each(function() here = place.new() end)
  after_each(function()
    here:__close()
    spec_kit.settled()
  end)

  local function config(text)
    here:write("grey.conf", "allowed_domains = example.org\ndatabase = " .. here.folder .. "/grey.db\n" .. (text or ""))
    local c, found = configuration.read(here.folder .. "/grey.conf")
    assert(found.errors == 0, found:text())
    return c
  end

  -- talk(self, decide, clock) with so many engines on one store; decide(sender, more) asks of a
  -- mail from sender: the verdict's reason, and the verdict; more.by asks, or else self.
  -- clock.ahead is added to the time. What the engines complained of, a list.
  local function with(text, talk, engines)
    local trouble, clock = {}, { ahead = 0 }
    local function now() return 1800000000 + math.floor(kam.now()) + clock.ahead end
    spec_kit.runs(kam.main(function(self)
      local all = {}
      local ear = self:addChildren(kam.each(function(m) trouble[#trouble + 1] = m end))
      for i = 1, engines or 1 do
        all[i] = self:addChildren(GreyEngine { config(text), clock = now, sweepEvery = HOUR })
        self:link({ all[i], "trouble" }, { ear, "inbox" })
      end
      talk(self, function(sender, more)
        more = more or {}
        local verdict = assert((more.by or self):ask(all[more.engine or 1], { client = more.client or "192.0.2.1",
          sender = sender, helo = "mx.example.net", recipient = "bob@example.org" }))
        return verdict.reason, verdict
      end, clock)
      for _, engine in ipairs(all) do engine:stop() end
    end))
    return trouble
  end

  -- What another program finds in the store, and how many triplets a component of ours does.
  local function rows(sql)
    return (here:run(("sqlite3 grey.db \"%s\""):format(sql)):gsub("%s+$", ""))
  end
  local function triplets(self, where)
    local db = self:addChildren(kam.SqliteDatabase { here.folder .. "/grey.db" })
    local n = self:ask(db, "select count(*) as n from triplet where " .. (where or "true"))[1].n
    db:stop()
    return n
  end

  it("makes who is new wait five minutes, and knows it for 35 days since its last mail", function()
    local trouble = with(nil, function(self, decide)
      local reason, verdict = decide "ann@example.net"
      assert.same({ "new", "defer", 300 }, { reason, verdict.action, verdict.wait })
      self:sleep(5 * MINUTE - 1)
      reason, verdict = decide "ann@example.net"
      assert.same({ "early", "defer", 1 }, { reason, verdict.action, verdict.wait })
      self:sleep(1)
      reason, verdict = decide "ann@example.net"
      assert.same({ "retried in time", "accept", 300 }, { reason, verdict.action, verdict.delayed })
      assert.truthy(verdict.header:find("^X%-Greylist: delayed 300 seconds"))
      assert.equal("new", (decide "zoe@example.net"))
      self:sleep(35 * DAY - 1)
      assert.equal("known", (decide "ann@example.net"))
      self:sleep(35 * DAY - 1)
      assert.equal("known", (decide "ann@example.net"))
      self:sleep(35 * DAY)
      assert.equal("known too long ago", (decide "ann@example.net"))
    end)
    assert.same({}, trouble)
    assert.equal("ann@example.net", rows "select group_concat(sender) from triplet") -- zoe was swept
  end)

  it("takes no repetition behind two days, and sweeps what did not come back", function()
    with("retry_window = 2 d\n", function(self, decide)
      assert.equal("new", (decide "ann@example.net"))
      self:sleep(2 * DAY)
      assert.equal("retried in time", (decide "ann@example.net"))
      for i = 1, 1000 do decide(("u%c@example.net"):format(i % 26 + 97), { client = ("192.0.%d.1"):format(i // 26) }) end
      self:sleep(2 * DAY + 2 * HOUR)
      assert.equal(1, triplets(self))
      assert.equal("known", (decide "ann@example.net"))
    end)
  end)

  it("believes a clock that is set forward only an hour later", function()
    with(nil, function(self, decide, clock)
      decide "ann@example.net"
      self:sleep(5 * MINUTE)
      assert.equal("retried in time", (decide "ann@example.net"))
      decide "new@example.net"
      self:sleep(HOUR)
      clock.ahead = 40 * DAY
      self:sleep(HOUR - 5 * MINUTE)
      assert.equal(2, triplets(self)) -- and it is set right again
      clock.ahead = 0
      self:sleep(3 * HOUR)
      assert.equal("known", (decide "ann@example.net"))
      clock.ahead = 40 * DAY
      self:sleep(4 * HOUR)
      assert.equal(0, triplets(self))
    end)
  end)

  it("loses nothing by a clock that jumps back a day, or forward", function()
    with(nil, function(self, decide, clock)
      decide "ann@example.net"
      self:sleep(5 * MINUTE)
      assert.equal("retried in time", (decide "ann@example.net"))
      decide "late@example.net"
      clock.ahead = -DAY
      assert.equal("known", (decide "ann@example.net"))
      local reason, verdict = decide "late@example.net"
      assert.same({ "first seen in the future", 300 }, { reason, verdict.wait }) -- not a day longer
      self:sleep(5 * MINUTE)
      assert.equal("retried in time", (decide "late@example.net"))
      clock.ahead = DAY
      assert.equal("known", (decide "ann@example.net"))
      assert.equal("known", (decide "late@example.net"))
    end)
  end)

  it("writes within a second when what it knows was last used", function()
    with("plain_senders = no\nauto_whitelist = 0\n", function(self, decide)
      for i = 1, 1000 do decide(i .. "@example.net") end
      self:sleep(5 * MINUTE)
      for i = 1, 1000 do decide(i .. "@example.net") end
      self:sleep(DAY)
      for i = 1, 1000 do assert.equal("known", (decide(i .. "@example.net"))) end
      self:sleep(1.1)
      assert.equal(1000, triplets(self, "last - passed >= 86400 and tries = 3"))
    end)
  end)

  it("shares its store with another engine", function()
    with("auto_whitelist = 0\n", function(self, decide)
      assert.equal("new", (decide("ann@example.net", { engine = 1 })))
      self:sleep(5 * MINUTE)
      assert.equal("retried in time", (decide("ann@example.net", { engine = 2 })))
      assert.equal("known", (decide("ann@example.net", { engine = 1 })))
      -- both at once: neither loses what the other has written
      local asked = {}
      for i = 1, 200 do
        asked[i] = kam.main(function(child)
          decide(("%c%c@example.net"):format(97 + i // 52, 97 + i // 2 % 26),
            { by = child, engine = i % 2 + 1, client = ("10.%d.0.1"):format(i // 2) })
        end)
      end
      self:addChildren(table.unpack(asked))
      self:sleep(1)
    end, 2)
    assert.equal("102", rows "select count(*) from triplet")
    assert.equal("ok", rows "pragma integrity_check")
  end)

  it("says at once that its store is none, decides as it is told meanwhile, and works again", function()
    for text, action in pairs { [""] = "accept", ["on_store_failure = defer\n"] = "defer" } do
      here:write("grey.db", ("no database "):rep(1000))
      local trouble = with(text, function(self, decide)
        for _ = 1, 3 do
          local reason, verdict = decide "ann@example.net"
          assert.same({ "store failure", action }, { reason, verdict.action })
        end
        for _, ending in ipairs { "", "-wal", "-shm" } do os.remove(here.folder .. "/grey.db" .. ending) end
        self:sleep(1)
        decide "ann@example.net"
      end)
      assert.equal("corrupt", trouble[1].kind)
      assert.truthy(trouble[1].text:find(action, 1, true))
      assert.equal(2, #trouble, kam.show(trouble))
    end
  end)

  it("goes on, and tells, when what is known cannot be written", function()
    local trouble = with(nil, function(self, decide)
      decide "ann@example.net"
      local db = self:addChildren(kam.SqliteDatabase { here.folder .. "/grey.db" })
      self:ask(db, "create trigger no before update on triplet begin select raise(fail, 'there is no room'); end")
      for _ = 1, 3 do
        assert.equal("early", (decide "ann@example.net"))
        self:sleep(2)
      end
      self:ask(db, "drop trigger no")
      self:sleep(5 * MINUTE)
      assert.equal("retried in time", (decide "ann@example.net"))
      db:stop()
    end)
    assert.truthy(trouble[1].text:find("there is no room", 1, true), kam.show(trouble))
    assert.truthy(#trouble <= 2, kam.show(trouble)) -- once a minute
  end)

  it("keeps away from a database of another program, and of a later version", function()
    for sql, kind in pairs { ["create table t (x)"] = "foreign",
      ["pragma application_id = 1198679417; pragma user_version = 9; create table t (x)"] = "version" } do
      here:run "rm -f grey.db*"
      rows(sql)
      local before = here:run "sha256sum grey.db"
      local trouble = with(nil, function(_, decide) assert.equal("store failure", (decide "ann@example.net")) end)
      assert.equal(kind, trouble[1].kind)
      assert.equal(before, (here:run "sha256sum grey.db"))
    end
  end)
end)
