-- GreySweeper: takes out of the store what has no meaning any more, a few rows at a time, on the
-- connection beside that of the look-ups, so that none waits for it longer than one piece takes.
local kam = require "kam"
local store = require "store"

local PAUSE = 0.01 -- seconds between two pieces
local CHECKPOINT = 10 -- seconds between two checkpoints of the log
local JUMP = 3600 -- seconds that the clock may be set forward, and still be believed

return kam.component "GreySweeper" {
  summary = "Sweeps Grey's store, in small pieces, and brings its log into the file.",
  doc = "A clock that is set forward by more than an hour is believed an hour later, so that a wrong time, set "
    .. "right again, costs nothing.",
  ends = "When it is told.",
  inboxes = { inbox = false },
  outboxes = { outbox = false },
  options = {
    db = { type = "component", "the connection: store.lazy" },
    clock = { os.time, "gives the time in seconds", type = "function" },
    times = { type = "function", "gives the times of greylist.lua" },
    swept = { type = "function", "is told how many rows have gone", optional = true },
    written = { type = "function", "gives how often the store was written: its log is brought into the file if "
      .. "that has changed" },
    every = { 3600.0, "seconds between two sweeps", min = 1 },
    rest = { PAUSE, "seconds between two pieces", min = 0 },
  },
  first = "db",

  -- Is the clock to be believed?
  sure = function(self)
    local ahead = self.clock() - kam.now()
    if self.ahead and ahead - self.ahead > JUMP then self.doubt = kam.now() + JUMP end
    self.ahead = ahead
    return not self.doubt or kam.now() >= self.doubt
  end,

  sweep = function(self)
    local from
    repeat
      local gone, to = store.sweep(self, self.db, from, self.clock(), self.times())
      if not gone then return end -- the look-ups tell of it
      if self.swept and gone > 0 then self.swept(gone) end
      from = to
    until not from or not self:sleep(self.rest) or not self:sure()
  end,

  main = function(self)
    local next_sweep, brought = kam.now() + math.min(60, self.every), 0
    self:sure()
    while self:sleep(math.min(CHECKPOINT, self.every)) do
      if self:sure() and kam.now() >= next_sweep then
        self:sweep()
        next_sweep = kam.now() + self.every
      end
      local written = self.written()
      if written ~= brought and store.checkpoint(self, self.db) then brought = written end
    end
  end,
}
