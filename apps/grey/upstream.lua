-- upstream: a talk with the real server, from connecting to where mails may be sent.
--
-- What holds such a talk is a component with an outbox and an inbox called `server`, for requests
-- and replies. Its field `connection` is what it has of the service "grey pool" (see pool.lua), or nil.
local upstream = {}

upstream.UNREACHED = "451 4.4.1 The mail server behind cannot be reached, try again later"
upstream.LOST = "451 4.4.2 The mail server behind was lost, try again later"

local function kind(reply) return reply:sub(1, 1) end
local function good(reply) return kind(reply) == "2" end

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

-- --- a connection ---

local function attach(self, c)
  self.connection = c
  c.asks = self:link({ self, "server" }, { c.session, "request" }, { limit = 16 })
  c.answers = self:link({ c.session, "reply" }, { self, "server" })
end

local function detach(self)
  local c = self.connection
  self.connection = nil
  self:unlink(c.asks)
  self:unlink(c.answers)
  while self:dataReady "server" do self:recv "server" end
  return c
end

-- Gives up the connection, whatever is under way on it.
function upstream.hang_up(self)
  if self.connection then self:ask("grey pool", { drop = detach(self) }) end
end

-- Gives back the connection, on which nothing is under way: to the next client, or to be closed with QUIT.
function upstream.part(self)
  if self.connection then self:ask("grey pool", { back = detach(self) }) end
end

-- The reply to what was sent first, of what has none yet; nil if there is none.
function upstream.answer(self)
  local reply = self.connection and self:recv "server"
  if reply and kind(reply) > "3" then self.connection.refused = true end
  return reply
end

-- Sends a request: its reply, or nil.
function upstream.tell(self, request)
  if not self.connection then return nil end
  self:send(request, "server")
  return upstream.answer(self)
end

-- --- its begin ---

local function ask(self, request) return upstream.tell(self, request) or "" end

-- The extensions that the server has; or nil, and its reply.
local function hello(self, name)
  local reply = ask(self, { command = "EHLO", name = name })
  if good(reply) then return extensions_of(reply) end
  if kind(reply) == "5" then reply = ask(self, { command = "HELO", name = name }) end
  if good(reply) then return {} end
  return nil, reply
end

-- Greets: the extensions that the server has; or nil, its reply if it gave one, and whether it was
-- TLS that could not be begun.
local function greet(self, config, secured)
  local reply = ask(self, { command = "CONNECT" })
  if not good(reply) then return nil, reply end
  local has, refused = hello(self, config.servername)
  if not has or not secured then return has, refused end
  if has.STARTTLS then
    reply = ask(self, { command = "STARTTLS" })
    if not good(reply) then return nil, reply, true end
    return hello(self, config.servername)
  end
  if config.upstream_tls == "must" then return nil, "451 4.7.4 The mail server behind offers no TLS" end
  return has
end

-- Tells of a client, as far as the server wants to hear it: the same.
local function introduce(self, config, has, client)
  if not (client and config.xclient and has.XCLIENT) then return has end
  self.connection.introduced = true -- who it is now for the server need not be let introduce others
  local reply = ask(self, { command = "XCLIENT", parameters = xclient(has.XCLIENT, client) })
  if not good(reply) then return nil, reply end
  return hello(self, client.helo ~= "" and client.helo or config.servername) -- the name that counts now
end

-- Connects for client (nil: nobody), as far as to where mails may be sent: the extensions that
-- the server has; or nil, the reply for who waits, and why. fresh: on a new connection.
function upstream.connect(self, config, client, fresh)
  local secured = config.upstream_tls ~= "off"
  while true do
    local c = self:ask("grey pool", { take = config, client = client, secured = secured, fresh = fresh })
    if not c then return nil, upstream.UNREACHED, "all comes to its end" end
    attach(self, c)
    local has, reply, no_tls
    if not c.has then c.has, reply, no_tls = greet(self, config, secured) end
    if c.has then has, reply = introduce(self, config, c.has, client) end
    if has then return has end
    upstream.hang_up(self)
    if not c.fresh then -- it may be out of date
      fresh = true
    elseif no_tls and config.upstream_tls ~= "must" then
      secured = false -- it may be without
    else
      local first = reply ~= "" and reply:match "^[^\n]*"
      return nil, first and kind(first) == "4" and first or upstream.UNREACHED, c.trouble or first
    end
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

-- What is said of a parameter that it cannot take.
function upstream.lacks(parameter)
  return ("451 4.3.5 The mail server behind does not take %s at present"):format(parameter)
end

return upstream
