local kam = require "kam"

local LOST = "451 4.4.2 The connection to the server was lost"

local function good(reply) return reply:sub(1, 1) == "2" end

-- A connection with the server: requests go in, replies come out.
local function connection_of(self)
  local parts = {
    NET = kam.TCPClient { self.host, self.port, timeout = self.connectTime },
    SMTP = kam.SMTPClientSession { timeout = self.timeout, verdict = self.verdict },
    inboxes = { "request" }, outboxes = { "reply" },
    linkages = { "self.request -> SMTP.request", "SMTP.reply -> self.reply" },
  }
  local links = self.tls == "off" and { "SMTP -> NET", "NET -> SMTP" }
    or { "SMTP -> TLS.encrypt", "TLS -> NET", "NET -> TLS", "TLS.decrypted -> SMTP" }
  table.move(links, 1, #links, 3, parts.linkages)
  if self.tls ~= "off" then
    parts.TLS = kam.TLSSession { client = true, startTLS = self.tls ~= "implicit", verify = self.verify,
      serverName = self.host, ca = self.ca }
    if self.tls == "implicit" then table.insert(parts.linkages, "TLS.secured -> null") end
  end
  return kam.Graphline(parts)
end

-- The extensions that a reply to EHLO tells, by their names.
local function extensions_of(reply)
  local found = {}
  for name in reply:gmatch "\n([%w-]+)" do found[name:upper()] = true end
  return found
end

-- A text as it goes over the wire: each line ends in CR LF.
local function wire_text(body)
  local text = body:gsub("\r\n", "\n"):gsub("\r", "\n"):gsub("\n", "\r\n")
  return (text == "" or text:sub(-2) == "\r\n") and text or text .. "\r\n"
end

-- Can an address be said? What is quoted in it may have < > and spaces.
local function is_address(address)
  if type(address) ~= "string" or #address > 320 or address:find "%c" then return false end
  local quoted, at = false, 1
  while at <= #address do
    local c = address:sub(at, at)
    if c == '"' then quoted = not quoted
    elseif quoted and c == "\\" then at = at + 1
    elseif not quoted and c:find "[<> ]" then return false end
    at = at + 1
  end
  return not quoted and at == #address + 1
end

local function wrong_address(address)
  return not is_address(address) and "553 5.1.3 That is no address" or nil
end

-- The parameters of MAIL; or nil, and the reply of a server that could not take the mail.
local function parameters_of(has, mail, text)
  local words = {}
  local addresses = mail.from .. table.concat(mail.to)
  if has.SIZE then words[1] = "SIZE=" .. #text end
  if addresses:find "[\x80-\xff]" then
    if not has.SMTPUTF8 then return nil, "553 5.6.7 The server takes no addresses but ASCII" end
    words[#words + 1] = "SMTPUTF8"
  end
  if text:find "[\x80-\xff]" then
    if not has["8BITMIME"] then return nil, "554 5.6.3 The server takes no text of 8 bits" end
    words[#words + 1] = "BODY=8BITMIME"
  end
  return table.concat(words, " ")
end

-- Feeds it, as long as it lives. What it asks answers it, and both would be told to end, as a
-- ring that nobody feeds, as soon as the last mail has come.
local Awake = kam.component "SMTPClientAwake" {
  inboxes = { inbox = false, never = { "nothing", open = true } },
  outboxes = { outbox = "nothing" },
  main = function(self) self:recv "never" end,
}

return kam.component "SMTPClient" {
  summary = "Sends mails to an SMTP server.",
  doc = "A mail is { from =, to = an address or a list, body = }, in which body is the whole text, header and "
    .. "all; its ends of lines become CR LF. Each is answered by { ok =, replies =, mail = }: `replies` has the "
    .. "server's last word for each recipient, by address, and `ok` tells that all of them are taken. What "
    .. "begins with 4 may be tried again later, and is also what is said when the server cannot be reached or "
    .. "is lost; no mail is sent twice by itself. The connection is kept for the mails that follow. `tls`: off; "
    .. "may, STARTTLS if the server offers it; must, no mail goes without; implicit, secure from the beginning, "
    .. "as on port 465.",
  ends = "When its inbox has, and the server is told.",
  answers = true,
  effects = true,
  inboxes = {
    inbox = "mails: { from =, to =, body = }",
    replies = "replies of the server",
    over = "that the connection has ended", awake = "nothing: see Awake",
  },
  outboxes = {
    outbox = "what has become of each: { ok =, replies =, mail = }",
    requests = { "requests for the server", optional = true },
  },
  options = {
    host = { "localhost", "the server" },
    port = { 25, "its port", min = 1, max = 65535 },
    hostname = { "localhost", "what the client calls itself" },
    tls = { "off", "off, may, must or implicit", oneOf = { "off", "may", "must", "implicit" } },
    verify = { true, "certificates are checked" },
    ca = { "", "the authorities that are trusted, a PEM file or a folder; \"\": the system's" },
    connectTime = { 30.0, "seconds that connecting may take", min = 0.001, max = 86400 },
    timeout = { 300.0, "seconds in which a reply must be there", min = 0.001, max = 1e6 },
    verdict = { 600.0, "seconds in which the reply to a whole mail must be there", min = 0.001, max = 1e6 },
  },
  first = { "host", "port" },
  init = function(self)
    self.connection, self.has = nil, nil
    self.awake = self:addChildren(Awake())
    self:link({ self.awake, "outbox" }, { self, "awake" })
  end,

  -- The reply to a request, or one of ours that says that the connection is lost.
  tell = function(self, request)
    if not self.connection then return LOST, true end
    self:send(request, "requests")
    local reply = self:recv "replies"
    if reply then return tostring(reply) end
    self:hang_up(true)
    return LOST, true
  end,
  hang_up = function(self, ended)
    local c = self.connection
    if not c then return end
    self.connection, self.has = nil, nil
    if not ended then
      self:unlink(c)
      self:removeChild(c)
    end
    while self:dataReady "replies" do self:recv "replies" end
  end,
  hello = function(self)
    local reply = self:tell { command = "EHLO", name = self.hostname }
    if good(reply) then
      self.has = extensions_of(reply)
    elseif reply:sub(1, 1) == "5" then
      reply = self:tell { command = "HELO", name = self.hostname }
      self.has = good(reply) and {} or nil
    end
    return reply
  end,
  -- Secures the connection if it is to be: the reply that says how far that has come.
  secure = function(self)
    if self.tls ~= "may" and self.tls ~= "must" then return "250 Ok" end
    if not self.has.STARTTLS then
      return self.tls == "must" and "454 4.7.0 The server offers no TLS" or "250 Ok"
    end
    local reply = self:tell { command = "STARTTLS" }
    if good(reply) then return self:hello() end
    if self.tls == "may" and self.connection then return "250 Ok" end
    return "454 4.7.0 TLS could not be begun: " .. reply:match "^[^\n]*"
  end,
  -- Connects, if there is no connection: nil, or the reply that says why there is none.
  connect = function(self)
    while self:dataReady "over" do
      if self:recv("over").component == self.connection then self:hang_up(true) end
    end
    if self.has then return nil end
    self:hang_up()
    self.connection = connection_of(self)
    self:link({ self, "requests" }, { self.connection, "request" }, { limit = 16 })
    self:link({ self.connection, "reply" }, { self, "replies" })
    self:watch(self.connection, "over")
    self:addChildren(self.connection)
    local reply = self:tell { command = "CONNECT" }
    if good(reply) then reply = self:hello() end
    if good(reply) then reply = self:secure() end
    if good(reply) then return nil end
    self:hang_up()
    return reply
  end,
  -- Begins a mail, on a new connection if the one that was kept is gone by now: nil, or the
  -- reply that says why not.
  begin = function(self, mail, text)
    for _ = 1, 2 do
      local kept = self.has ~= nil
      local why = self:connect()
      if why then return why end
      local parameters, refused = parameters_of(self.has, mail, text)
      if not parameters then return refused end
      local reply, lost = self:tell { command = "MAIL", from = mail.from, parameters = parameters }
      if good(reply) then return nil end
      lost = lost or reply:find "^421" or reply:find "^451 4%.4%.2"
      if lost then self:hang_up() end
      if not lost or not kept then return reply end
    end
    return LOST
  end,
  -- Sends the text: the reply that it gets.
  say = function(self, text)
    local reply = self:tell { command = "DATA" }
    if reply:sub(1, 3) ~= "354" then return good(reply) and "451 4.5.0 The server takes no text" or reply end
    for at = 1, #text, 65536 do self:send(text:sub(at, at + 65535), "requests") end
    return (self:tell { command = "END", size = #text })
  end,
  -- Sends a mail: the reply for each recipient.
  deliver = function(self, mail, text)
    local replies, taken = {}, {}
    local why = wrong_address(mail.from) or self:begin(mail, text)
    for _, to in ipairs(mail.to) do
      replies[to] = why or wrong_address(to) or self:tell { command = "RCPT", to = to }
      if good(replies[to]) then taken[#taken + 1] = to end
    end
    if #taken > 0 then
      local fate = self:say(text)
      for _, to in ipairs(taken) do replies[to] = fate end
    elseif not why and self.connection then
      self:send({ command = "RSET" }, "requests")
    end
    return replies, why == nil
  end,
  main = function(self)
    for mail in self:messages() do
      if type(mail) ~= "table" or type(mail.from) ~= "string" or mail.to == nil or mail.body == nil then
        error("a mail is { from =, to =, body = }, and not " .. kam.show(mail), 0)
      end
      local to = type(mail.to) == "table" and mail.to or { mail.to }
      local replies = self:deliver({ from = mail.from, to = to }, wire_text(tostring(mail.body)))
      local ok = #to > 0
      for _, reply in pairs(replies) do
        ok = ok and good(reply)
        if reply:find "^421" then self:hang_up() end
      end
      self:send { ok = ok, replies = replies, mail = mail }
    end
    if self.connection then self:tell { command = "QUIT" } end
    self:hang_up()
    self.awake:stop()
  end,
  example = [[
kam.main(function(self)
  local server = self:addChildren(kam.SMTPServer { function(envelope, text)
    print(envelope.from, envelope.to[1], (text:gsub("\r", "")))
  end, port = 0 })
  self:link({ server, "listening" }, { self, "inbox" })
  local client = kam.SMTPClient { "localhost", self:recv().port }
  local done = self:addInbox "done"
  local mails = kam.Pipeline { kam.DataSource { { from = "a@b.example", to = "c@d.example",
    body = "Subject: hello\n\nHi\n" } }, client }
  self:link({ mails, "outbox" }, { self, done })
  self:addChildren(mails)
  print(self:recv(done).ok)
  server:stop()
end):run()
--> a@b.example	c@d.example	Subject: hello
-->
--> Hi
-->
--> true
]],
}
