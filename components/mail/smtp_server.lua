local kam = require "kam"

-- options of a session that a server has too
local of_session = { "hostname", "proxy", "strict", "greetDelay", "bare", "line", "parameterLine", "textLine",
  "header", "hops", "recipients", "size", "errors", "junk", "session", "commandTime", "rate" }

-- What a Handler replies to each request.
local answers = {
  CONNECT = function(self, r)
    self.peer = r.peer
    return ("220 %s ESMTP"):format(self.hostname)
  end,
  EHLO = function(self, r)
    self.helo = r.name
    return ("250 %s\nPIPELINING\n8BITMIME\nSMTPUTF8\nENHANCEDSTATUSCODES\nSIZE %d"):format(self.hostname,
      self.size)
  end,
  MAIL = function(self, r)
    self.envelope = { from = r.from, to = {}, peer = self.peer, helo = self.helo }
    return "250 2.1.0 Ok"
  end,
  RCPT = function(self, r)
    local reply = self.recipient and self.recipient(r.to, self.envelope) or "250 2.1.5 Ok"
    if reply:sub(1, 1) == "2" then table.insert(self.envelope.to, r.to) end
    return reply
  end,
  DATA = function(self)
    self.pieces = {}
    return "354 End it with CR LF . CR LF"
  end,
  END = function(self) return self.mail(self.envelope, table.concat(self.pieces)) or "250 2.0.0 Taken" end,
}
answers.HELO = answers.EHLO

-- A mailbox for each client: the functions of a server, called as the mail comes.
local Handler = kam.component "SMTPHandler" {
  summary = "Answers the requests of an SMTPServerSession by functions.",
  doc = "What SMTPServer does with its functions.",
  ends = "When its inbox has, or when told.",
  inboxes = { inbox = "requests" },
  outboxes = { outbox = "replies" },
  options = {
    hostname = { "localhost", "what the server calls itself" },
    size = { 10 << 20, "bytes that a mail may have", min = 1 },
    mail = { type = "function", "is given a mail" },
    recipient = { type = "function", "is asked of each recipient", optional = true },
  },
  main = function(self)
    for r in self:messages() do
      if type(r) ~= "table" then
        table.insert(self.pieces, tostring(r))
      elseif answers[r.command] then
        self:send(answers[r.command](self, r))
      end
    end
  end,
}

-- One client's session, whose child the handler is, with a TLSSession below if there is to be
-- STARTTLS. There are thousands of them: a Graphline of the two would be half of their memory.
local function graph_of(session, handler, tls)
  if handler then
    session:addChildren(handler)
    session:link({ session, "request" }, { handler, "inbox" })
    session:link({ handler, "outbox" }, { session, "reply" })
  end
  if not tls then return session end
  return kam.Graphline { SMTP = session, TLS = tls,
    linkages = { "self -> TLS", "TLS.decrypted -> SMTP", "SMTP -> TLS.encrypt", "TLS -> self" } }
end

return kam.component "SMTPServer" {
  summary = "Serves SMTP: mails, and their recipients, are answered by functions.",
  doc = "A ServerCore whose handlers are an SMTPServerSession and what answers it. `mail` is called with { from "
    .. "=, to = a list, peer =, helo = } and the mail as it came, header and all; `recipient`, if given, with "
    .. "each address and the same table. Both give the reply, \"550 5.1.1 Nobody of that name\", or nil for yes: "
    .. "a mail is only answered by yes when `mail` has returned, so that it is where it is safe. With a `handler` "
    .. "instead, a maker, each client has a component of its own that is given the requests of the session, and "
    .. "sends the replies. With `tls`, STARTTLS is offered; with `implicit` too, connections are secure from the "
    .. "beginning.",
  ends = "When it is told; mails that are being answered are, first.",
  effects = true,
  inboxes = { inbox = false },
  outboxes = {
    outbox = false,
    count = { "{ opened =, closed = }: how many connections since the last one", optional = true },
    listening = { "the address, when it listens: { host =, port = } or { path = }", optional = true },
  },
  options = {
    mail = { type = "function", "is given each mail: its envelope and its text", optional = true },
    recipient = { type = "function", "is asked of each recipient", optional = true },
    handler = { type = "maker", optional = true,
      "maker of what answers a client's requests, instead of functions" },
    welcome = { type = "function", optional = true,
      "gives the greeting, and the reply to EHLO: a `handler` is made only when a client sends a mail, then" },
    port = { 2525, "the port to listen on; 0: a free one, which listening tells", min = 0, max = 65535 },
    host = { "", 'the address to listen on; "": all that the machine has' },
    path = { "", "a Unix socket to listen on instead" },
    connections = { 20000, "how many there may be at once; further ones are closed", min = 1 },
    perAddress = { 50, "how many of one address, or IPv6 network of 64 bits, there may be at once; 0: any number",
      min = 0 },
    tls = { type = "table", 'options of a TLSSession, as { certificates = { "site.pem" } }', optional = true },
    implicit = { false, "with `tls`: there is no STARTTLS, as all is secure from the beginning" },
    hostname = { "localhost", "what the server calls itself" },
    proxy = { false, "a header of the PROXY protocol comes first, and tells the peer" },
    strict = { true, "a peer that talks before the greeting, or ahead of replies where that is not offered, is "
      .. "refused" },
    greetDelay = { 0.0, "seconds until the greeting, which no good peer talks in", min = 0, max = 300 },
    bare = { "refuse", "a CR or LF alone, in the text of a mail: refuse, or repair",
      oneOf = { "refuse", "repair" } },
    line = { 512, "bytes that a command may have", min = 64 },
    parameterLine = { 2048, "the same, with parameters behind an address", min = 64 },
    textLine = { 2048, "bytes that a line of a mail may have; 0: any", min = 0 },
    header = { 102400, "bytes that the header of a mail may have", min = 1 },
    hops = { 50, "servers that a mail may have come through", min = 1 },
    recipients = { 1000, "recipients that a mail may have", min = 1 },
    size = { 10 << 20, "bytes that a mail may have", min = 1 },
    errors = { 20, "errors after which the connection is closed", min = 1 },
    junk = { 100, "commands of no use that a peer may say", min = 1 },
    session = { 600.0, "seconds that may be waited for the peer in all", min = 0.001 },
    commandTime = { 60.0, "seconds in which a command must be there", min = 0.001 },
    rate = { 500.0, "bytes of a mail that must come in a second; 0: any number", min = 0 },
  },
  first = "mail",
  init = function(self)
    if (self.mail ~= nil) == (self.handler ~= nil) then
      error("it has either a function `mail` or a `handler`", 0)
    end
    if self.welcome and not self.handler then error("welcome goes with a `handler`", 0) end
    local session, answer = {}, {}
    for _, name in ipairs(of_session) do session[name] = self[name] end
    for _, name in ipairs { "mail", "recipient", "hostname", "size" } do answer[name] = self[name] end
    local starts = self.tls ~= nil and not self.implicit
    if self.welcome then session.handler = self.handler end
    session.startTLS, session.secured = starts, self.tls ~= nil and self.implicit
    local terms
    if starts then
      terms = { startTLS = true }
      for name, value in pairs(self.tls) do terms[name] = value end
      self:addChildren(kam.TLSCertificates(self.tls)) -- fails now, and not with the first peer
    end
    local server = self:addChildren(kam.ServerCore {
      port = self.port, host = self.host, path = self.path, connections = self.connections,
      perAddress = self.perAddress, halfOpen = true, idle = self.session + 300,
      tls = self.implicit and self.tls or nil,
      protocol = function(at)
        session.peer, session.peerPort, session.localAddress, session.localPort =
          at.peer or "", at.peerport or 0, at.localip or "", at.localport or 0
        local handler
        if self.welcome then
          session.greeting, session.hello = self.welcome()
        else
          handler = self.handler and kam.make(self.handler, at) or Handler(answer)
        end
        return graph_of(kam.SMTPServerSession(session), handler, terms and kam.TLSSession(terms))
      end,
    })
    self:link({ server, "listening" }, { self, "listening" })
    self:link({ server, "count" }, { self, "count" })
  end,
  example = [[
kam.main(function(self)
  local server = self:addChildren(kam.SMTPServer { function(envelope, text)
    print(envelope.from, envelope.to[1], (text:gsub("\r", "")))
  end, port = 0 })
  self:link({ server, "listening" }, { self, "inbox" })
  local curl = kam.UnixProcess { "curl", "-s", ("smtp://localhost:%d/me"):format(self:recv().port),
    "--mail-from", "a@b.example", "--mail-rcpt", "c@d.example", "-T", "-" }
  kam.Pipeline { kam.OneShot "Subject: hello\r\n\r\nHi\r\n", curl, kam.NullSink() }:activate()
  self:watch(curl, "inbox")
  self:recv()
  server:stop()
end):run()
--> a@b.example	c@d.example	Subject: hello
-->
--> Hi
-->
]],
}
