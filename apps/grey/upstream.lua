-- upstream: a talk with the real server, from connecting to where mails may be sent.
--
-- What holds such a talk is a component with an outbox and an inbox called `server`, for requests
-- and replies, and an inbox `over`. Its field `connection` is the component below, or nil.
local kam = require "kam"

local upstream = {}

upstream.UNREACHED = "451 4.4.1 The mail server behind cannot be reached, try again later"
upstream.LOST = "451 4.4.2 The mail server behind was lost, try again later"

local function kind(reply) return reply:sub(1, 1) end
local function good(reply) return kind(reply) == "2" end

-- A connection with the real server, which config tells of: requests go in, replies come out.
-- secured: there is TLS below, to be begun by STARTTLS.
local function connection_of(config, secured, preamble)
  local net = kam.TCPClient { config.smtp_ip, config.smtp_port, timeout = config.upstream_connect_time }
  local smtp = kam.SMTPClientSession { preamble = preamble or "" }
  smtp:addChildren(net)
  if not secured then
    smtp:link({ smtp, "outbox" }, { net, "inbox" })
    smtp:link({ net, "outbox" }, { smtp, "inbox" })
    return smtp
  end
  local tls = kam.TLSSession { client = true, startTLS = true, verify = config.upstream_verify,
    serverName = config.upstream_name ~= "" and config.upstream_name or config.smtp_ip, ca = config.upstream_ca }
  smtp:addChildren(tls)
  smtp:link({ smtp, "outbox" }, { tls, "encrypt" })
  smtp:link({ tls, "outbox" }, { net, "inbox" })
  smtp:link({ net, "outbox" }, { tls, "inbox" })
  smtp:link({ tls, "decrypted" }, { smtp, "inbox" })
  return smtp
end

-- The extensions that an answer to EHLO tells, by their names: what stands behind each.
local function extensions_of(reply)
  local found = {}
  for line in reply:gmatch "\n([^\n]*)" do
    local name, rest = line:match "^([%w-]+)[ =]?(.*)$"
    if name then found[name:upper()] = rest end
  end
  return found
end

-- A value of XCLIENT (RFC 1891's xtext).
local function xtext(text)
  return (text:gsub("[^!-*,-<>-~]", function(c) return ("+%02X"):format(c:byte()) end))
end

local function address(ip) return ip:find ":" and "IPV6:" .. ip or ip end

-- What is told of a client, as far as a server takes it.
local function xclient(offered, client)
  local values = { NAME = client.name or client.unsure and "[TEMPUNAVAIL]" or "[UNAVAILABLE]",
    ADDR = address(client.ip), PORT = tostring(client.port), PROTO = client.esmtp and "ESMTP" or "SMTP",
    HELO = client.helo, DESTADDR = address(client.toIP), DESTPORT = tostring(client.toPort) }
  local words = {}
  for name in offered:upper():gmatch "%S+" do
    if values[name] and values[name] ~= "" then words[#words + 1] = name .. "=" .. xtext(values[name]) end
  end
  return table.concat(words, " ")
end

-- The header of the PROXY protocol, version 1, that tells of a client.
local function proxy_header(client)
  local six = client.ip:find ":" ~= nil
  if six ~= (client.toIP:find ":" ~= nil) then return "PROXY UNKNOWN\r\n" end
  return ("PROXY %s %s %s %d %d\r\n"):format(six and "TCP6" or "TCP4", client.ip, client.toIP, client.port,
    client.toPort)
end

-- Gives up the connection; or, if it has ended, what is left of it.
function upstream.hang_up(self, ended)
  local c = self.connection
  if not c then return end
  self.connection = nil
  if not ended then
    self:unlink(c)
    self:removeChild(c)
  end
  while self:dataReady "server" do self:recv "server" end
end

-- Is there one that has not ended? Gives it up if it has.
function upstream.lives(self)
  while self:dataReady "over" do
    if self:recv("over").component == self.connection then upstream.hang_up(self, true) end
  end
  return self.connection ~= nil
end

-- The reply to what was sent; or nil, and why, if the connection is no more.
local function answer(self)
  local box, msg
  repeat
    box, msg = self:recvAny { "server", "over" }
  until box ~= "over" or msg.component == self.connection
  if box == "server" then return msg end
  if box == "over" and self:dataReady "server" then return self:recv "server" end
  upstream.hang_up(self, box ~= nil)
  return nil, box and msg.error and tostring(msg.error):match "^[^\n]*" or "it has closed the connection"
end

-- Sends a request: its reply; or nil, and why there is none.
function upstream.tell(self, request)
  if not self.connection then return nil, "there is no connection" end
  self:send(request, "server") -- if it is gone, that is the answer
  return answer(self)
end

-- Greets: the extensions that the server has; or nil, its reply if it gave one, why there is none,
-- and whether it was TLS that could not be begun.
local function greet(self, config, secured, client)
  local why
  local function ask(request)
    local reply, none = upstream.tell(self, request)
    why = none
    return reply or ""
  end
  local function hello(name)
    local reply = ask { command = "EHLO", name = name }
    if good(reply) then return extensions_of(reply) end
    if kind(reply) == "5" then reply = ask { command = "HELO", name = name } end
    if good(reply) then return {} end
    return nil, reply
  end
  local reply = ask { command = "CONNECT" }
  if not good(reply) then return nil, reply, why end
  local has
  has, reply = hello(config.servername)
  if has and secured then
    if has.STARTTLS then
      reply = ask { command = "STARTTLS" }
      if not good(reply) then return nil, reply, why, true end
      has, reply = hello(config.servername)
    elseif config.upstream_tls == "must" then
      return nil, "451 4.7.4 The mail server behind offers no TLS"
    end
  end
  if has and client and config.xclient and has.XCLIENT then
    reply = ask { command = "XCLIENT", parameters = xclient(has.XCLIENT, client) }
    if not good(reply) then return nil, reply, why end
    has, reply = hello(client.helo ~= "" and client.helo or config.servername) -- the name that counts now
  end
  return has, reply, why
end

-- Connects for client (nil: nobody), as far as to where mails may be sent: the extensions that
-- the server has; or nil, the reply for who waits, and why.
function upstream.connect(self, config, client)
  local secured = config.upstream_tls ~= "off"
  while true do
    self.connection = connection_of(config, secured,
      client and config.upstream_proxy and proxy_header(client) or nil)
    self:link({ self, "server" }, { self.connection, "request" }, { limit = 16 })
    self:link({ self.connection, "reply" }, { self, "server" })
    self:watch(self.connection, "over")
    self:addChildren(self.connection)
    local has, reply, why, no_tls = greet(self, config, secured, client)
    if has then return has end
    upstream.hang_up(self)
    if not no_tls or config.upstream_tls == "must" then
      local first = reply ~= "" and reply:match "^[^\n]*"
      return nil, first and kind(first) == "4" and first or upstream.UNREACHED, why or first
    end
    secured = false -- it may be without
  end
end

-- The parameters of MAIL or RCPT as a server takes them that has those extensions; or nil and
-- the one that it cannot take.
local needs = { SIZE = "SIZE", BODY = "8BITMIME", SMTPUTF8 = "SMTPUTF8", RET = "DSN", ENVID = "DSN",
  NOTIFY = "DSN", ORCPT = "DSN", AUTH = "AUTH" }
local idle = { SIZE = true, ["BODY=7BIT"] = true, ["AUTH=<>"] = true } -- nothing is lost without

function upstream.parameters(text, has)
  local kept = {}
  for word in text:gmatch "%S+" do
    local name = word:match("^[^=]*"):upper()
    if has[needs[name]] then
      kept[#kept + 1] = word
    elseif not idle[name] and not idle[word:upper()] then
      return nil, word
    end
  end
  return table.concat(kept, " ")
end

return upstream
