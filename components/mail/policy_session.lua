local kam = require "kam"

return kam.component "PolicySession" {
  summary = "Speaks Postfix's policy protocol with it: requests out, answers in.",
  doc = "The talk of SMTPD_POLICY_README: a request is lines name=value and an empty line, an answer "
    .. "action=WHAT and an empty line. A request is the table of its names, as { request = "
    .. "\"smtpd_access_policy\", client_address = \"192.0.2.1\", sender =, … }; of a name that comes "
    .. "twice the last counts. Each wants one answer, \"DUNNO\", \"DEFER_IF_PERMIT text\", \"PREPEND header\" …, "
    .. "before the next is given on. A peer that does not keep to the protocol, or to the limits, is told to "
    .. "error and hears nothing more.",
  ends = "When its inbox has ended, and all is answered; or at once, when the peer talks wrong.",
  inboxes = {
    inbox = { "bytes from the peer, in any cut", kind = "bytes" },
    reply = "answers, one for each request",
  },
  outboxes = {
    outbox = { "bytes for the peer", kind = "bytes" },
    request = { "requests: tables of their names", kind = "table" },
    error = { "how the peer talks wrong: { error = }", kind = "table", optional = true },
  },
  options = {
    line = { 8192, "bytes in a line", min = 1 },
    names = { 100, "lines in a request", min = 1 },
    size = { 65536, "bytes in a request", min = 1 },
  },
  endsEarly = true,
  init = function(self) self.held, self.request, self.n, self.bytes = "", {}, 0, 0 end,
  -- Answers the request that is whole: false if there is nobody who could.
  pass = function(self)
    local request = self.request
    self.request, self.n, self.bytes = {}, 0, 0
    if not self:send(request, "request") then return false end
    local action = self:recv "reply"
    if action == nil then return false end
    return self:send(("action=%s\n\n"):format((tostring(action):gsub("[\r\n%z]+", " "))))
  end,
  -- Takes a line: true, false if it is over, nil and what is wrong.
  take = function(self, line)
    line = line:gsub("\r$", "")
    if line == "" then
      if self.n == 0 then return nil, "an empty request" end
      return self:pass()
    end
    self.n, self.bytes = self.n + 1, self.bytes + #line + 1
    if self.n > self.names then return nil, ("a request of more than %d lines"):format(self.names) end
    if self.bytes > self.size then return nil, ("a request of more than %d bytes"):format(self.size) end
    local name, value = line:match "^([%w_]+)=([^%z]*)$"
    if not name then return nil, "a line that is not name=value" end
    self.request[name] = value
    return true
  end,
  -- Takes the lines that are whole, as take does.
  take_all = function(self, bytes)
    bytes = self.held .. bytes
    local from, to = 1, bytes:find("\n", 1, true)
    while to do
      if to - from > self.line then break end
      local ok, why = self:take(bytes:sub(from, to - 1))
      if not ok then return ok, why end
      from = to + 1
      to = bytes:find("\n", from, true)
    end
    self.held = bytes:sub(from)
    if (to or #bytes + 1) - from > self.line then
      return nil, ("a line of more than %d bytes"):format(self.line)
    end
    return true
  end,
  main = function(self)
    for bytes in self:messages() do
      local ok, why = self:take_all(bytes)
      if why then self:send({ error = why }, "error") end
      if not ok then return end
    end
    if self.n > 0 or self.held ~= "" then self:send({ error = "the end came within a request" }, "error") end
  end,
  example = [[
kam.Graphline {
  PEER = kam.OneShot "request=smtpd_access_policy\nsender=ann@example.org\n\n",
  TALK = kam.PolicySession(),
  JUDGE = kam.map(function(request) return "PREPEND X-From: " .. request.sender end),
  SHOW = kam.ConsoleEchoer { eol = "" },
  linkages = { "PEER -> TALK -> SHOW", "TALK.request -> JUDGE -> TALK.reply" },
}:run()
--> action=PREPEND X-From: ann@example.org
-->
]],
}
