-- store: what Grey remembers, in one SQLite file: its tables, and the SQL for them. Components
-- that run it are made here; who waits for their answers is engine.lua, or a command.
--
-- Several processes may use the file at once: there is a log before it (WAL), writers wait for one
-- another, and what was read is written only if it is still so.
--
-- Durability is what postgrey has: what a verdict rests on is on the disk before the verdict is
-- given (synchronous = full). How often something was tried before it passed, and once an hour that
-- something known is in use, is written within a second; a power cut may take these back, and a kill
-- does not.
local kam = require "kam"

local store = { version = 1, name = 0x47726579 } -- "Grey", in the file's head

local tables = {
  -- client: a network, as 192.0.2.0/24, or a domain of pool senders
  [[create table if not exists triplet (client text not null, sender text not null, recipient text not null,
    first integer not null, last integer not null, passed integer, tries integer not null,
    primary key (client, sender, recipient)) without rowid]],
  [[create table if not exists client (client text primary key, passes integer not null, last integer not null)
    without rowid]],
  -- what the command whitelist adds; until: when it ends, or null
  [[create table if not exists whitelist (kind text not null, pattern text not null, added integer not null,
    until integer, note text, primary key (kind, pattern)) without rowid]],
  [[create table if not exists setting (name text primary key, value) without rowid]],
  "insert or ignore into setting values ('whitelist', 0)",
}

-- What is run when a connection is opened. Checkpoints are made beside the look-ups, by the one
-- that sweeps, and by these only if it does not come to it.
local pragmas = { "pragma synchronous = full", "pragma wal_autocheckpoint = 16000", "pragma cache_size = -16000",
  "pragma temp_store = memory" }

local function setup(more)
  local list = table.move(pragmas, 1, #pragmas, 1, {})
  return table.move(more, 1, #more, #list + 1, list)
end

-- The connection of the engine's look-ups, which are read on the loop while the file is in memory.
function store.database(path, timeout)
  return kam.SqliteDatabase { path, direct = true, errors = "answer", timeout = timeout or 2, setup = setup {} }
end

-- The one beside it, for what need not be on the disk at once: sweeps, and when what is known was
-- last used. No look-up waits for it.
function store.lazy(path)
  return kam.SqliteDatabase { path, errors = "answer", timeout = 1,
    setup = setup { "pragma synchronous = normal" } }
end

-- Waits for the answer of db; nil and what is wrong, { error =, kind = }.
function store.ask(self, db, message)
  local answer, why = self:ask(db, message)
  if answer == nil then return nil, { error = "the store does not answer: " .. tostring(why), kind = "gone" } end
  if answer.error then return nil, answer end
  return answer
end

-- Makes the tables, or looks whether they are ours: true; nil and what is wrong.
function store.prepare(self, db)
  local head, wrong = store.ask(self, db, { { "select user_version as version from pragma_user_version" },
    { "select application_id as name from pragma_application_id" },
    { "select count(*) as n from sqlite_schema" } })
  if not head then return nil, wrong end
  local version, name, filled = head[1][1].version, head[2][1].name, head[3][1].n > 0
  if filled and name ~= store.name then
    return nil, { error = "the file is a database of another program", kind = "foreign" }
  end
  if version > store.version then
    return nil, { kind = "version",
      error = ("the file is of version %d, and this program knows %d"):format(version, store.version) }
  end
  if version == store.version then return true end
  local _, refused = store.ask(self, db, "pragma journal_mode = wal")
  if refused then return nil, refused end
  local list = {}
  for _, sql in ipairs(tables) do list[#list + 1] = { sql } end
  list[#list + 1] = { ("pragma application_id = %d"):format(store.name) }
  list[#list + 1] = { ("pragma user_version = %d"):format(store.version) }
  local made, why = store.ask(self, db, list)
  if not made then return nil, why end
  return true
end

-- --- statements ---

-- What is remembered of a triplet and of its client, in one row, and the version of the whitelist.
local LOOK = [[select t.first as first, t.last as last, t.passed as passed, t.tries as tries,
  c.passes as passes, c.last as seen, (select value from setting where name = 'whitelist') as whitelist
  from (select ? as client, ? as sender, ? as recipient) k
  left join triplet t on t.client = k.client and t.sender = k.sender and t.recipient = k.recipient
  left join client c on c.client = k.client]]
local INSERT = "insert into triplet values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing"
local UPDATE = [[update triplet set first = ?, last = ?, passed = ?, tries = ?
  where client = ? and sender = ? and recipient = ? and first = ? and passed is ?]]
local USED = [[update triplet set last = max(last, ?), tries = tries + ?
  where client = ? and sender = ? and recipient = ?]]
local COUNT = [[insert into client values (?, ?, ?) on conflict do update set
  passes = excluded.passes, last = excluded.last]]
local SEEN = "update client set last = max(last, ?) where client = ?"

local null = kam.null

function store.look(key) return { LOOK, { key.client, key.sender, key.recipient } } end

-- A row of look as the state of the triplet and the record of the client, each nil if there is none.
function store.seen(row)
  local state = row.first and { first = row.first, last = row.last, passed = row.passed, tries = row.tries }
  return state, row.passes and { passes = row.passes, last = row.seen }
end

-- Puts a state in the place of one that was read, nil if there was none; it has changed nothing
-- if that has changed meanwhile.
function store.write(key, old, new)
  local passed = new.passed or null
  if not old then
    return { INSERT, { key.client, key.sender, key.recipient, new.first, new.last, passed, new.tries } }
  end
  return { UPDATE, { new.first, new.last, passed, new.tries, key.client, key.sender, key.recipient, old.first,
    old.passed or null } }
end

function store.used(key, last, tries) return { USED, { last, tries, key.client, key.sender, key.recipient } } end
function store.count(client, record) return { COUNT, { client, record.passes, record.last } } end
function store.seen_client(client, last) return { SEEN, { last, client } } end

store.whitelist = { "select kind, pattern, until from whitelist order by kind, pattern" }

-- --- sweeping ---

local PIECE = 200 -- rows that are looked at in one transaction: some milliseconds, if they are not in memory

local NEXT = [[select client, sender, recipient from triplet where (client, sender, recipient) > (?, ?, ?)
  order by client, sender, recipient limit 1 offset ]] .. PIECE - 1
local RANGE = [[delete from triplet where (client, sender, recipient) > (?, ?, ?)
  and (client, sender, recipient) <= (?, ?, ?) and ]]
local REST = "delete from triplet where (client, sender, recipient) > (?, ?, ?) and "
local OVER = "(case when passed is null then first < ? else last <= ? end)"

-- Goes on with a sweep from a place, nil for the beginning: how many have gone, and the next place,
-- nil at the end; or nil and what is wrong.
function store.sweep(self, db, from, now, times)
  from = from or { client = "", sender = "", recipient = "" }
  local ends, wrong = store.ask(self, db, { NEXT, { from.client, from.sender, from.recipient } })
  if not ends then return nil, wrong end
  local to = ends[1]
  local parameters = { from.client, from.sender, from.recipient }
  if to then table.move({ to.client, to.sender, to.recipient }, 1, 3, 4, parameters) end
  parameters[#parameters + 1] = now - times.retry_window
  parameters[#parameters + 1] = now - times.lifetime
  local list = { { (to and RANGE or REST) .. OVER, parameters } }
  if not to then
    list[2] = { "delete from client where last <= ?", { now - times.lifetime } }
    list[3] = { "delete from whitelist where until <= ?", { now } }
  end
  local out, why = store.ask(self, db, list)
  if not out then return nil, why end
  local gone = 0
  for _, result in ipairs(out) do gone = gone + result.changes end
  return gone, to
end

-- Brings what is in the log into the file, as far as nobody reads it.
function store.checkpoint(self, db) return store.ask(self, db, "pragma wal_checkpoint(passive)") end

return store
