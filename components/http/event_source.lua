local kam = require "kam"

return kam.component "EventSource" {
  summary = "Gets server-sent events, and asks again when the connection breaks.",
  doc = "Does what a page's EventSource does: events leave as ServerSentEventsDecode gives them. When the stream "
    .. "ends, or breaks, or the server cannot be reached, it waits `retry` seconds, or as long as the server has "
    .. "said, and asks for what came behind the last event (Last-Event-ID). Status 204 says that there will be "
    .. "no more, and ends it; any other status than 200, or another type than text/event-stream, fails it.",
  ends = "When the server says that there will be no more, or when told.",
  effects = true,
  inboxes = { inbox = false },
  outboxes = { outbox = "events: { event =, data =, id = }" },
  options = {
    url = { type = "string", "the stream's address" },
    headers = { {}, "headers of the request" },
    retry = { 3.0, "seconds to wait until it asks again", min = 0 },
    idleTime = { 60.0, "seconds in which something must come; 0: any time", min = 0 },
    limit = { 1 << 20, "bytes of an event's data", min = 1 },
    proxy = { "", "the proxy to go through" },
    verify = { true, "certificates are checked" },
    ca = { "", "the authorities that are trusted; \"\": the system's" },
  },
  first = "url",
  -- What it talks to itself through.
  prepare = function(self)
    self.id, self.wait = "", self.retry
    self.response = self:addInbox("response", { "what HTTPClient gives", open = true })
    self.event = self:addInbox("event", "what ServerSentEventsDecode gives")
    self.later = self:addInbox("retry", "how long to wait")
    self.over = self:addInbox("over", "that a stream has been read")
    local client = self:addChildren(kam.HTTPClient { stream = true, resumes = 0, headers = self.headers,
      proxy = self.proxy, idleTime = self.idleTime, verify = self.verify, ca = self.ca })
    self.requests = self:addOutbox("requests", { "for HTTPClient", optional = true })
    self:link({ self, self.requests }, { client, "inbox" })
    self:link({ client, "outbox" }, { self, self.response })
  end,
  -- Asks once.
  begin = function(self)
    local decode = kam.ServerSentEventsDecode { self.limit, id = self.id }
    self.bytes = self:addOutbox("bytes", { "the stream", optional = true })
    self.last = self:addOutbox("last", { "that it is over", optional = true })
    self:link({ self, self.bytes }, { decode, "inbox" })
    self:link({ self, self.last }, { decode, "control" })
    self:link({ decode, "outbox" }, { self, self.event })
    self:link({ decode, "retry" }, { self, self.later })
    self:watch(decode, self.over)
    self:addChildren(decode)
    local headers = { Accept = "text/event-stream", ["Cache-Control"] = "no-store" }
    if self.id ~= "" then headers["Last-Event-ID"] = self.id end
    self:send({ url = self.url, headers = headers }, self.requests)
  end,
  -- The head of a response: true if events follow.
  opened = function(self, head)
    if head.error then return false end
    if head.status == 204 then
      self.closed = true
      return false
    end
    local type = head.headers["content-type"] or "no type"
    if head.status ~= 200 or not type:lower():find "^text/event%-stream" then
      error(("the answer to %s is %d %s, %s"):format(self.url, head.status, head.reason, type), 0)
    end
    if head.body ~= "" then self:send(head.body, self.bytes) end
    return head.more
  end,
  -- One stream, to its end.
  listen = function(self)
    local open
    for box, m in self:messagesAny { self.event, self.later, self.over, self.response } do
      if box == self.event then
        self.id = m.id
        self:send(m)
      elseif box == self.later then
        self.wait = m / 1000
      elseif box == self.over then
        if not m.ok then error(m.error, 0) end
        self:removeOutbox(self.bytes)
        self:removeOutbox(self.last)
        return true
      elseif open and type(m) == "string" then
        self:send(m, self.bytes)
      else
        open = not open and self:opened(m)
        if not open then self:send(kam.producerFinished(), self.last) end
      end
    end
  end,
  main = function(self)
    self:prepare()
    repeat
      self:begin()
    until not self:listen() or self.closed or not self:sleep(self.wait)
  end,
  example = [[
kam.main(function(self)
  local n = 0
  local server = self:addChildren(kam.HTTPServer { function(request)
    n = n + 1
    if n > 2 then return { status = 204 } end
    return kam.Pipeline { kam.DataSource { { data = request.headers["last-event-id"] or "the first", id = n } },
      kam.ServerSentEventsEncode() }
  end, port = 0 })
  self:link({ server, "listening" }, { self, "inbox" })
  local source = kam.EventSource { ("http://localhost:%d/"):format(self:recv().port), retry = 0.01 }
  local events = self:addInbox "events"
  self:link({ source, "outbox" }, { self, events })
  self:addChildren(source)
  for event in self:messages(events) do print(event.id, event.data) end
  server:stop()
end):run()
--> 1	the first
--> 2	1
]],
}
