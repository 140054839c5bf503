local kam = require "kam"

return kam.component "JSONRPCCaller" {
  summary = "Makes the requests of JSON-RPC 2.0, as values, and matches the answers.",
  doc = "A call is { method =, params = }; one with `notify = true` gets no answer. It comes as a message, and "
    .. "its answer leaves by the outbox; or as a question (self:ask), which gets it. An answer is { result = } "
    .. "or { error = { code =, message =, data = } }, and has the call as `call`. One that does not come in "
    .. "`timeout` seconds is an error with the code -32000, and is not waited for any more. While `calls` are "
    .. "without an answer, no more are taken. What the peer sends unasked goes to `notices`; a request of its "
    .. "own is refused. An answer to nothing, and what is no answer, fail the component.",
  ends = "When its inbox has ended, and all is answered; or when no more answers come.",
  inboxes = {
    inbox = "calls: { method =, params =, notify = }, and questions",
    answers = "what the peer sends, as JSONDecode gives it",
    wrong = { "texts of the peer's that are no JSON: { error = }", kind = "table" },
    done = { "that no more calls come", open = true },
    over = { "that no more answers come", open = true },
  },
  outboxes = {
    outbox = { "answers: { result = } or { error = }, with call =", optional = true },
    requests = "requests, for JSONEncode",
    notices = { "notifications of the peer: { method =, params = }", optional = true },
  },
  options = {
    timeout = { 60.0, "seconds to wait for an answer; 0: for ever", min = 0 },
    calls = { 1000, "calls that may be without an answer", min = 1 },
  },
  init = function(self)
    self.pending, self.waiting = {}, 0 -- by ids; how many
    self.first, self.last = 1, 0 -- ids that may be pending
    self.fed = true -- more calls may come
  end,
  -- It ends when the component that feeds it has, and all is answered; and when the one
  -- has that gives it the answers: also in a ring that waits for somebody outside.
  follow = function(self, feed, answers)
    self.feed = feed
    self:watch(feed, "done")
    self:watch(answers, "over")
  end,
  answer = function(self, id, answer)
    local call = self.pending[id]
    self.pending[id], self.waiting = nil, self.waiting - 1
    answer.call = call.what
    if call.request then call.request:reply(answer) else self:send(answer) end
  end,
  call = function(self, msg)
    local request = type(msg) == "table" and msg.reply and msg
    local what = msg
    if request then what = request.msg end
    if type(what) ~= "table" or type(what.method) ~= "string" then
      error("a call is { method =, params = }, got " .. kam.show(what), 0)
    end
    local sent = { jsonrpc = "2.0", method = what.method, params = what.params }
    if what.notify then
      self:send(sent, "requests")
      if request then request:reply { call = what } end
      return
    end
    self.last, self.waiting = self.last + 1, self.waiting + 1
    self.pending[self.last] = { what = what, request = request, till = kam.now() + self.timeout }
    sent.id = self.last
    self:send(sent, "requests")
  end,
  -- One thing that the peer has sent.
  heard = function(self, v)
    if type(v) ~= "table" or v == kam.null then error("the peer sent no answer: " .. kam.show(v), 0) end
    if v.method ~= nil then
      if v.id == nil then return self:send(v, "notices") end
      return self:send({ jsonrpc = "2.0", id = v.id,
        error = { code = -32601, message = "there is no such method" } }, "requests")
    end
    local wrong = type(v.error) == "table" and v.error ~= kam.null and v.error
    if (v.result == nil) == not wrong then error("the peer sent no answer: " .. kam.show(v), 0) end
    local id = math.tointeger(v.id)
    if not id or id < 1 or id > self.last then
      error(("the peer sent an answer to nothing, with the id %s: %s")
        :format(kam.show(v.id), kam.show(wrong and wrong.message or v.result)), 0)
    end
    if self.pending[id] then self:answer(id, { result = v.result, error = wrong or nil }) end
  end,
  -- Gives up what has waited for too long; gives the seconds until there is more of it.
  expire = function(self)
    while self.first <= self.last do
      local call = self.pending[self.first]
      local left = call and call.till - kam.now()
      if left and left > 0 then return left end
      if call then
        self:answer(self.first, { error = { code = -32000,
          message = ("no answer came in %g seconds"):format(self.timeout) } })
      end
      self.first = self.first + 1
    end
  end,
  take = function(self, box, msg)
    if box == "inbox" then
      self:call(msg)
    elseif box == "wrong" then
      error("the peer sent no JSON: " .. tostring(msg.error), 0)
    elseif type(msg) == "table" and msg[1] ~= nil then
      for _, v in ipairs(msg) do self:heard(v) end
    else
      self:heard(msg)
    end
  end,
  main = function(self)
    -- Who asked, and still waits, is told by its absence.
    local _ <close> = setmetatable({}, { __close = function() self.pending = {} end })
    local boxes, full = { "wrong", "answers", "over", "inbox", "done" }, { "wrong", "answers", "over" }
    while self.fed or self.waiting > 0 do
      local left = self.timeout > 0 and self:expire() or nil
      local box, msg = self:recvAny(self.waiting < self.calls and boxes or full, left)
      if box == "over" or box == "done" then
        if not msg.ok then error(msg.error, 0) end
        if box == "over" then break end
        self.fed = false
      elseif box then
        self:take(box, msg)
      elseif msg ~= "timeout" then
        break
      end
    end
    if self.feed then self.feed:stop() end
  end,
  example = [[
kam.Graphline {
  CALLS = kam.DataSource { { method = "add", params = { 2, 3 } }, { method = "sub" } },
  CALLER = kam.JSONRPCCaller(),
  PEER = kam.JSONRPCHandler { methods = { add = function(params) return params[1] + params[2] end } },
  SHOW = kam.each(function(answer)
    print(answer.call.method, answer.result or answer.error.message)
  end),
  linkages = { "CALLS -> CALLER -> SHOW", "CALLER.requests -> PEER -> CALLER.answers" },
}:run()
--> sub	there is no such method
--> add	5
]],
}
