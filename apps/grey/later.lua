-- later: what of the store is written some time later: when something was last used, and how often it
-- was tried. It is gathered, and written once a second, in pieces, beside the look-ups.
local kam = require "kam"
local store = require "store"

local EVERY = 1 -- seconds from one writing to the next
local PIECE = 50 -- rows that are written in one transaction: a verdict may wait for one

local later = {}

local Later = {}
Later.__index = Later

local function empty() return { triplets = {}, clients = {}, any = false } end

-- An empty one. Rows that are being written stand in `writing` until all of them are.
function later.new() return setmetatable({ now = empty(), writing = empty() }, Later) end

-- A triplet, by its id and its key, was used.
function Later:used(id, key, at)
  local used = self.now.triplets[id] or { key = key, tries = 0 }
  used.last, used.tries = at, used.tries + 1
  self.now.triplets[id], self.now.any = used, true
end

-- A client was let pass.
function Later:seen(client, at)
  self.now.clients[client], self.now.any = at, true
end

-- The state of a triplet is written at once, with all that is known here.
function Later:forget(id)
  self.now.triplets[id], self.writing.triplets[id] = nil, nil
end

-- A state as it was read, with what is not written yet; nil if there is none. While a triplet is being
-- written, its tries may be counted twice.
function Later:state(id, state)
  for _, rows in ipairs { self.writing, self.now } do
    local used = rows.triplets[id]
    if state and used then
      state = { first = state.first, passed = state.passed, last = math.max(state.last, used.last),
        tries = state.tries + used.tries }
    end
  end
  return state
end

-- A client's record, the same.
function Later:client(client, record)
  for _, rows in ipairs { self.writing, self.now } do
    local seen = rows.clients[client]
    if record and seen then record = { passes = record.passes, last = math.max(record.last, seen) } end
  end
  return record
end

-- Writes all that is known by db: how many transactions it took, and what went wrong, or nil.
function later.write(self, db, rows)
  if not rows.now.any then return 0 end
  local batch, list, pieces = rows.now, {}, 0
  rows.writing, rows.now = batch, empty()
  local function piece()
    local _, wrong = store.ask(self, db, list)
    list, pieces = {}, pieces + 1
    return wrong
  end
  local wrong
  local function add(statement)
    list[#list + 1] = statement
    if #list == PIECE then wrong = piece() end
    return wrong
  end
  for _, used in pairs(batch.triplets) do
    if add(store.used(used.key, used.last, used.tries)) then break end
  end
  for client, last in pairs(batch.clients) do
    if wrong or add(store.seen_client(client, last)) then break end
  end
  if not wrong and #list > 0 then wrong = piece() end
  if rows.writing == batch then rows.writing = empty() end
  return pieces, wrong
end

later.Writer = kam.component "GreyWriter" {
  summary = "Writes once a second what of Grey's store need not be there at once.",
  ends = "When it is told; who owns the rows writes the last ones.",
  inboxes = { inbox = false },
  outboxes = { outbox = false },
  options = {
    db = { type = "component", "the connection: store.lazy" },
    rows = { type = "table", "what is to be written: later.new()" },
    written = { type = "function", "is told how many transactions it took, and what went wrong, or nil" },
  },
  first = "db",
  main = function(self)
    while self:sleep(EVERY) do
      local pieces, wrong = later.write(self, self.db, self.rows)
      if pieces > 0 then self.written(pieces, wrong) end
    end
  end,
}

return later
