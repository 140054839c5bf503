-- GreyEngine: Grey's decisions. Whoever wants one asks it:
--
--     asker ── { client =, sender =, recipient =, … } ──> rules ─┬─> verdict
--                                                               └─> look ─> judge ─> write ─> verdict
--                                                                    └────── SQLite ─────┘
--
-- Requests that wait together are looked up, and written, together: one transaction of reading, one
-- of writing, one wait for the disk. Two of one triplet are judged one after the other. What another
-- process has changed meanwhile is looked up again.
local kam = require "kam"
local GreySweeper = require "sweep"
local dates = require "dates"
local greylist = require "greylist"
local later = require "later"
local rules = require "rules"
local store = require "store"

local BATCH = 256 -- requests that are looked up together
local TRIES = 4 -- of a request, while another process changes what it is about
local TOLD_EVERY = 60 -- seconds between two complaints about the store
local COUNTED_EVERY = 1 -- seconds between two reports of counters

local function times_of(config)
  return { delay = config.delay or 300, retry_window = config.retry_window or 172800,
    lifetime = config.lifetime or 3024000, too_soon = config.too_soon or 0 }
end

local function id_of(key) return ("%s\0%s\0%s"):format(key.client, key.sender, key.recipient) end

-- What the states of one batch have become, by their ids: { key =, old = as it was read, new =,
-- client = its record, changed =, requests = those that rest on it }.
local function entry_of(entries, key)
  local id = id_of(key)
  local entry = entries[id]
  if not entry then
    entry = { id = id, key = key, requests = {} }
    entries[id] = entry
    entries[#entries + 1] = entry
  end
  return entry
end

return kam.component "GreyEngine" {
  summary = "Decides on each recipient of a mail: accept, defer, or reject.",
  doc = "It is asked with { client = address, name = its name in the DNS if that is sure, helo =, sender = (\"\" "
    .. "for <>), recipient = }, and `policy = true` of who has looked at relaying itself. The verdict is { action "
    .. "= \"accept\", \"defer\" or \"reject\", reason = why, reply = for the client, wait = seconds that are "
    .. "missing, at = \"DATA\" if it is to be deferred only there, header = a line for the mail, if it was "
    .. "delayed }. When the store fails, verdicts are what on_store_failure of the configuration says; it is "
    .. "told, counted, and tried again at the next request.",
  ends = "When it is told, or when `config` gets false.",
  inboxes = {
    inbox = { "requests (self:ask)", open = true },
    config = { "a new configuration; true: the files of the old one are read again; false: it is to end",
      open = true },
  },
  outboxes = {
    outbox = false,
    counts = { "counters from the beginning, when they have changed, once a second at most", optional = true },
    trouble = { "that the store fails, or works again: { text =, kind = }", optional = true },
  },
  options = {
    config = { type = "table", "the configuration: see config.lua" },
    clock = { os.time, "gives the time in seconds", type = "function" },
    sweepEvery = { 3600.0, "seconds between two sweeps of the store", min = 1 },
  },
  first = "config",

  init = function(self)
    local path = self.config.database or "grey.db"
    self.rules, self.times = rules.compile(self.config), times_of(self.config)
    self.counts = { requests = 0, accept = 0, defer = 0, reject = 0, store_failures = 0, swept = 0, batches = 0,
      reasons = {} }
    self.changed, self.failing, self.prepared = false, nil, false
    self.later, self.due, self.written, self.wrong, self.told_at = later.new(), nil, 0, nil, nil
    self.db, self.lazy = self:addChildren(store.database(path), store.lazy(path))
    self:addChildren(later.Writer { self.lazy, rows = self.later, written = function(...) self:wrote(...) end })
    self:addChildren(GreySweeper { self.lazy, clock = self.clock, every = self.sweepEvery,
      times = function() return self.times end, written = function() return self.written end,
      swept = function(gone)
        self.counts.swept, self.written, self.changed = self.counts.swept + gone, self.written + 1, true
      end })
  end,

  -- --- what is told ---

  tell = function(self, text, kind)
    local _, outboxes = self:boxes()
    for _, box in ipairs(outboxes) do
      if box.name == "trouble" and box.linked then
        self:trySend({ text = text, kind = kind }, "trouble")
        return
      end
    end
    self:log(text)
  end,

  -- The store has failed: told at once, then once a minute.
  fails = function(self, wrong)
    local now = kam.now()
    self.counts.store_failures = self.counts.store_failures + 1
    if not self.failing then self.failing = { since = now, told = -math.huge } end
    if now - self.failing.told < TOLD_EVERY then return end
    self.failing.told = now
    self:tell(("the store %s fails: %s (%s); meanwhile mail that would be looked up is %s"):format(
      self.config.database or "grey.db", wrong.error, wrong.kind,
      self.config.on_store_failure == "defer" and "deferred" or "accepted"), wrong.kind)
  end,

  works = function(self)
    if not self.failing then return end
    self:tell(("the store works again, after %d seconds"):format(kam.now() - self.failing.since), "works")
    self.failing = nil
  end,

  -- What is known could not be written, though verdicts may be: told once a minute.
  writing_fails = function(self, wrong)
    self.counts.store_failures = self.counts.store_failures + 1
    if self.told_at and kam.now() - self.told_at < TOLD_EVERY then return end
    self.told_at = kam.now()
    self:tell(("the store %s fails: %s (%s); meanwhile it is not written what is in use"):format(
      self.config.database or "grey.db", wrong.error, wrong.kind), wrong.kind)
  end,

  report = function(self)
    if self.wrong then
      self:writing_fails(self.wrong)
      self.wrong = nil
    end
    if not self.changed then return end
    self.changed = false
    local copy = {}
    for name, value in pairs(self.counts) do copy[name] = value end
    copy.reasons = {}
    for reason, n in pairs(self.counts.reasons) do copy.reasons[reason] = n end
    copy.store_works = not self.failing
    self:trySend(copy, "counts")
  end,

  -- --- verdicts ---

  give = function(self, request, verdict)
    local counts, reasons = self.counts, self.counts.reasons
    counts[verdict.action] = counts[verdict.action] + 1
    reasons[verdict.reason] = (reasons[verdict.reason] or 0) + 1
    self.changed = true
    request:reply(verdict)
  end,

  defer = function(self, msg, reason, wait)
    local late = msg.sender == "" or self.config.decide_at == "DATA"
    return { action = "defer", reason = reason, wait = wait, at = late and "DATA" or nil,
      reply = ("450 4.7.1 <%s>: Greylisted, try again in %d seconds"):format(msg.recipient, wait) }
  end,

  without_store = function(self, msg)
    if self.config.on_store_failure ~= "defer" then return { action = "accept", reason = "store failure" } end
    return { action = "defer", reason = "store failure", at = msg.sender == "" and "DATA" or nil,
      reply = "451 4.3.0 Temporary failure, try again later" }
  end,

  -- What a judgement means for who asked.
  verdict_of = function(self, msg, judged, now)
    if judged.action == "defer" then return self:defer(msg, judged.reason, judged.wait) end
    local header = judged.delayed and ("X-Greylist: delayed %d seconds by Kamaelua Grey at %s; %s"):format(
      judged.delayed, self.config.servername or "localhost", dates.mail(now))
    return { action = "accept", reason = judged.reason, delayed = judged.delayed, header = header or nil }
  end,

  -- --- a batch ---

  -- Looks all entries up: true; or nil and what is wrong.
  look = function(self, entries)
    if not self.prepared then
      local ok, wrong = store.prepare(self, self.db)
      if not ok then return nil, wrong end
      self.prepared = true
    end
    local list = {}
    for i, entry in ipairs(entries) do list[i] = store.look(entry.key) end
    local out, wrong = store.ask(self, self.db, #list > 1 and list or list[1]) -- one needs no transaction
    if not out then return nil, wrong end
    if #list == 1 then out = { out } end
    local version = out[1][1].whitelist
    if version ~= self.whitelist_version then
      local rows, refused = store.ask(self, self.db, store.whitelist)
      if not rows then return nil, refused end
      self.rules:set_whitelist(rows)
      self.whitelist_version = version
    end
    for i, entry in ipairs(entries) do
      local state, client = store.seen(out[i][1])
      entry.old, entry.new = state, self.later:state(entry.id, state)
      entry.client = self.later:client(entry.key.client, client)
    end
    return true
  end,

  -- Judges one request by its entry; clients are the records that this batch has changed.
  judge = function(self, entry, msg, clients, now)
    local client = clients[entry.key.client] or entry.client
    local enough = self.config.auto_whitelist or 5
    if greylist.trusts(client, now, enough, self.times) then
      if greylist.stale(client.last, now, self.times) then self.later:seen(entry.key.client, now) end
      return { action = "accept", reason = "auto-whitelisted" }
    end
    local judged = greylist.judge(entry.new, now, self.times)
    entry.new = judged.state
    if judged.write == "now" then
      entry.changed = true
      if judged.delayed and enough > 0 then
        local record = greylist.count(client, now, self.times)
        if record then clients[entry.key.client], record.changed = record, true end
      end
    elseif judged.write == "later" and not entry.changed then
      self.later:used(entry.id, entry.key, now)
    end
    return self:verdict_of(msg, judged, now)
  end,

  -- Writes what verdicts of the batch rest on: the entries that another process has changed
  -- meanwhile; or nil and what is wrong.
  write = function(self, entries, clients)
    local list, of, lost = {}, {}, {}
    for _, entry in ipairs(entries) do
      if entry.changed then
        list[#list + 1] = store.write(entry.key, entry.old, entry.new)
        of[#list] = entry
        self.later:forget(entry.id)
      end
    end
    for client, record in pairs(clients) do list[#list + 1] = store.count(client, record) end
    if #list == 0 then return lost end
    local out, wrong = store.ask(self, self.db, list)
    if not out then return nil, wrong end
    self.written = self.written + 1
    for i, entry in pairs(of) do
      if out[i].changes == 0 then lost[entry] = true end
    end
    return lost
  end,

  -- Decides on requests, { request, key } each, that rules have not decided.
  decide = function(self, asked, try)
    local entries, clients, now = {}, {}, self.clock()
    for _, a in ipairs(asked) do table.insert(entry_of(entries, a.key).requests, a.request) end
    local ok, wrong = self:look(entries)
    local lost
    if ok then
      for _, entry in ipairs(entries) do
        for i, request in ipairs(entry.requests) do
          local verdict = self.rules:whitelisted(request.msg, now) or self:judge(entry, request.msg, clients, now)
          entry[i] = verdict
        end
      end
      lost, wrong = self:write(entries, clients)
    end
    if wrong then self:fails(wrong) else self:works() end
    local again = {}
    for _, entry in ipairs(entries) do
      for i, request in ipairs(entry.requests) do
        if lost and lost[entry] and try < TRIES then
          again[#again + 1] = { request = request, key = entry.key }
        else
          self:give(request, lost and entry[i] or self:without_store(request.msg))
        end
      end
    end
    if #again > 0 then self:decide(again, try + 1) end
  end,

  -- The request that has come, and those behind it.
  serve = function(self, request)
    local asked, n = {}, 0
    while request do
      n = n + 1
      self.counts.requests = self.counts.requests + 1
      local verdict = self.rules:decide(request.msg)
      if verdict then
        self:give(request, verdict)
      else
        asked[#asked + 1] = { request = request, key = self.rules:key(request.msg) }
      end
      request = n < BATCH and self:dataReady "inbox" and self:recv "inbox" or nil
    end
    self.counts.batches = self.counts.batches + 1
    if #asked > 0 then self:decide(asked, 1) end
  end,

  -- Rows of `later` have been written, or not. The writer calls it, so that what went wrong is told
  -- when this component runs again; the store is gone when all are told to end.
  wrote = function(self, pieces, wrong)
    self.written = self.written + pieces
    if wrong and wrong.kind ~= "gone" then self.wrong, self.changed = wrong, true end
  end,

  -- A new configuration is taken over if its lists can be read.
  reconfigure = function(self, config)
    config = config == true and self.config or config
    local compiled, why = rules.compile(config)
    if not compiled then
      self:tell("the new configuration is not used: " .. tostring(why), "config")
      return
    end
    self.config, self.rules, self.times = config, compiled, times_of(config)
    self.whitelist_version = nil
  end,

  main = function(self)
    self.due = kam.now() + COUNTED_EVERY
    while true do
      local box, msg, why
      if self.changed then
        box, msg = self:recvAny({ "config", "inbox" }, math.max(0, self.due - kam.now()))
        why = msg
      else
        box, msg = self:recvAny { "config", "inbox" }
        why = msg
        self.due = math.max(self.due, kam.now())
      end
      if box == "config" and msg == false then
        break
      elseif box == "config" then
        self:reconfigure(msg)
      elseif box then
        self:serve(msg)
      elseif why ~= "timeout" then
        break
      end
      if kam.now() >= self.due then
        self:report()
        self.due = kam.now() + COUNTED_EVERY
      end
    end
    self:wrote(later.write(self, self.lazy, self.later))
    self:report()
  end,
}
