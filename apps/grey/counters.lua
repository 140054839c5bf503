-- GreyCounters: how often what has happened. Events pass through to the log; who asks gets a
-- copy of the counters.
local kam = require "kam"

local BOUNDS = { 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300 } -- seconds that mails take

return kam.component "GreyCounters" {
  summary = "Counts what happens, and passes it on.",
  doc = "Asked (self:ask) it gives { sessions =, open =, recipients = by action and reason, mails = by outcome, "
    .. "bytes =, unheard =, seconds = a histogram, up =, engine = its counters, since = when it began }.",
  ends = "When its inbox has, or when told.",
  inboxes = {
    inbox = { "events, and requests", open = true },
    engine = { "the engine's counters", open = true },
    count = { "connections that have come and gone: { opened =, closed = }", open = true },
  },
  outboxes = { outbox = "events" },
  init = function(self)
    self.counts = { sessions = 0, open = 0, recipients = {}, mails = {}, bytes = 0, unheard = 0, reloads = 0,
      upstream_failures = 0, up = false, seconds = { sum = 0, count = 0, bounds = BOUNDS, buckets = {} },
      since = os.time() }
    for i = 1, #BOUNDS do self.counts.seconds.buckets[i] = 0 end
  end,
  connections = function(self, count)
    self.counts.sessions = self.counts.sessions + count.opened
    self.counts.open = self.counts.open + count.opened - count.closed
  end,
  recipient = function(self, event)
    local by_action = self.counts.recipients
    local reasons = by_action[event.action] or {}
    by_action[event.action] = reasons
    local reason = event.reason or ""
    reasons[reason] = (reasons[reason] or 0) + 1
  end,
  mail = function(self, event)
    local counts, times = self.counts, self.counts.seconds
    counts.mails[event.outcome] = (counts.mails[event.outcome] or 0) + 1
    if event.outcome ~= "delivered" then return end
    counts.bytes = counts.bytes + (event.size or 0)
    if event.unheard then counts.unheard = counts.unheard + 1 end
    times.sum, times.count = times.sum + event.seconds, times.count + 1
    for i, bound in ipairs(BOUNDS) do
      if event.seconds <= bound then times.buckets[i] = times.buckets[i] + 1 end
    end
  end,
  upstream = function(self, event)
    self.counts.up = event.up
    if not event.up then self.counts.upstream_failures = self.counts.upstream_failures + 1 end
  end,
  reload = function(self) self.counts.reloads = self.counts.reloads + 1 end,
  main = function(self)
    for box, msg in self:messagesAny { "inbox", "engine", "count" } do
      if box == "engine" then
        self.counts.engine = msg
      elseif box == "count" then
        self:connections(msg)
      elseif type(msg) == "table" and msg.event then
        local count = self[msg.event]
        if type(count) == "function" then count(self, msg) end
        self:send(msg)
      elseif type(msg) == "string" then
        self:send(msg)
      else
        msg:reply(self.counts)
      end
    end
  end,
}
