local kam = require "kam"

local PIECE = 65536 -- bytes of a body that are sent at once
local DISCARD = 65536 -- bytes of the body of a redirect that are read, to keep the connection

local fields = { url = "string", method = "string", headers = "table", type = "string", body = "string",
  more = "boolean", stream = "boolean", user = "string", password = "string", from = "number", ifRange = "string" }

-- --- URLs (RFC 3986, as far as HTTP needs it) ---

local function encode(text)
  return (text:gsub('[^\33-\126]', function(c) return ("%%%02X"):format(c:byte()) end))
end

local function decode(text)
  return (text:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

-- Host and port of an authority, or nil.
local function host_of(authority)
  local host, port = authority:match "^%[([%x:.]+)%]:?(%d*)$"
  if not host then host, port = authority:match "^([%w._-]+):?(%d*)$" end
  if not host or #host > 255 then return nil end
  return host:lower(), port ~= "" and math.tointeger(tonumber(port)) or nil
end

-- A URL as a table, or nil and what is wrong with it.
local function parse(url)
  if url:find "[%c]" then return nil, "a URL has no control characters" end
  local scheme, rest = url:match "^(%a[%w+.-]*)://([^#]*)"
  scheme = scheme and scheme:lower()
  if scheme ~= "http" and scheme ~= "https" then return nil, "a URL begins with http:// or https://" end
  local authority, target = rest:match "^([^/?\\]*)(.*)$"
  local user = authority:match "^(.*)@"
  local host, port = host_of(authority:match "[^@]*$")
  local usual = scheme == "https" and 443 or 80
  port = port or usual
  if not host or port < 1 or port > 65535 then return nil, "a URL has a host, and perhaps a port up to 65535" end
  local name = host:find ":" and "[" .. host .. "]" or host
  target = encode(target:find "^/" and target or "/" .. target)
  local at = port == usual and name or name .. ":" .. port
  return { scheme = scheme, host = host, port = port, user = user, target = target, at = at,
    origin = ("%s://%s:%d"):format(scheme, name, port), text = ("%s://%s%s"):format(scheme, at, target) }
end

local function without_dots(path)
  local parts = {}
  for part in path:gmatch "/([^/]*)" do
    if part == ".." then
      parts[#parts] = nil
    elseif part ~= "." then
      parts[#parts + 1] = part
    end
  end
  if path:find "/%.%.?$" then parts[#parts + 1] = "" end
  return "/" .. table.concat(parts, "/")
end

-- Where a Location leads, seen from a URL.
local function resolve(base, location)
  if location:find "^%a[%w+.-]*:" then return parse(location) end
  if location:find "^//" then return parse(base.scheme .. ":" .. location) end
  local path, query = base.target:match "^([^?]*)(.*)$"
  location = location:match "^[^#]*"
  if location:find "^%?" then
    query = location
  elseif location ~= "" then
    local relative
    relative, query = location:match "^([^?]*)(.*)$"
    path = without_dots(relative:find "^/" and relative or path:match "^(.*/)" .. relative)
  end
  return parse(("%s://%s%s%s"):format(base.scheme, base.at, path, query))
end

local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

-- Base64, for the few bytes of a password.
local function base64(text)
  return (text:gsub("..?.?", function(s)
    local a, b, c = s:byte(1, 3)
    local n, out = a << 16 | (b or 0) << 8 | (c or 0), {}
    for i = 1, 4 do
      local k = n >> (24 - 6 * i) & 63
      out[i] = i > #s + 1 and "=" or alphabet:sub(k + 1, k + 1)
    end
    return table.concat(out)
  end))
end

local function basic(user, password)
  return "Basic " .. base64(user .. ":" .. password)
end

-- --- requests ---

local function wrong(text, code) return nil, { code = code or "E0699", text = text } end

-- Headers by their names in small letters, as { name, value }.
local function add_headers(to, from)
  for name, value in pairs(from or {}) do
    if type(name) ~= "string" then return false end
    to[name:lower()] = { name, value }
  end
  return true
end

local function credentials(given, url)
  if given.user then return basic(given.user, given.password or "") end
  if not url.user then return nil end
  local user, password = url.user:match "^([^:]*):?(.*)$"
  return basic(decode(user), decode(password))
end

local idempotent = { GET = true, HEAD = true, PUT = true, DELETE = true, OPTIONS = true, TRACE = true }
local moves = { [301] = true, [302] = true, [303] = true, [307] = true, [308] = true }

-- Feeds it, as long as it lives. What it asks answers it, and both would be told to end, as a
-- ring that nobody feeds, as soon as the last request has come.
local Awake = kam.component "HTTPAgentAwake" {
  inboxes = { inbox = false, never = { "nothing", open = true } },
  outboxes = { outbox = "nothing" },
  main = function(self) self:recv "never" end,
}

return kam.component "HTTPAgent" {
  summary = "Gets HTTP requests answered over connections that it is given a maker for.",
  doc = "What HTTPClient does, but for how a connection is made. `connect` is called with { host =, port =, tls "
    .. "=, serverName =, tunnel =, authorization = } and gives a component with an inbox `request` and an outbox "
    .. "`response`, as those of HTTPClientSession; `gunzip` is called with the bytes that may come out, 0 for "
    .. "any number, and gives a component that decompresses.",
  ends = "When its inbox has, or after the response to `url`.",
  effects = true,
  inboxes = { inbox = "URLs, and requests: { url =, method =, headers =, type =, body =, more =, stream =, "
    .. "user =, password =, from =, ifRange = }",
    over = "that a connection has ended", awake = "nothing: see Awake" },
  outboxes = { outbox = "responses, or bodies" },
  options = {
    connect = { type = "function", "makes a connection" },
    gunzip = { type = "function", "makes a component that decompresses gzip", optional = true },
    url = { "", "is got at once, and nothing else is" },
    headers = { {}, "headers of all requests" },
    user = { "", "a name to log in with (basic authentication)" },
    password = { "", "the password of user" },
    proxy = { "", "the proxy to go through, as \"http://user:password@host:port\"" },
    redirects = { 10, "how many redirects are followed", min = 0, max = 100 },
    downgrade = { false, "a redirect may lead from https to http" },
    headTime = { 60.0, "seconds in which a response must begin; 0: any time", min = 0 },
    idleTime = { 60.0, "seconds in which more of a body must come, or go; 0: any time", min = 0 },
    totalTime = { 0.0, "seconds that a response may take in all; 0: any time", min = 0 },
    keepAlive = { 15.0, "seconds that a connection is kept for the next request", min = 0 },
    connections = { 8, "how many connections are kept", min = 0, max = 1000 },
    body = { 8 << 20, "bytes that a body may have that does not come in pieces", min = 0 },
    stream = { false, "bodies come in pieces" },
    bodies = { false, "only bodies are sent, in pieces; no answer, or one with a status over 299, is a failure" },
    resumes = { 3, "how often the rest of a body is asked for, when a connection breaks", min = 0, max = 1000 },
    userAgent = { "Kamaelua", "the header User-Agent; \"\": none" },
  },

  init = function(self)
    self.kept, self.of = {}, {} -- connections, the latest last; and those by their components
    local url, why
    if self.proxy ~= "" then
      url, why = parse(self.proxy)
      if not url or url.scheme ~= "http" then error("proxy: " .. (why or "it begins with http://"), 0) end
    end
    self.via = url
    local awake = self:addChildren(Awake())
    self:link({ awake, "outbox" }, { self, "awake" })
  end,

  -- --- connections ---

  -- A new one to where url is.
  dial = function(self, url)
    local via, secure = self.via, url.scheme == "https"
    local to = { host = (via or url).host, port = (via or url).port, tls = secure, serverName = url.host }
    if via and secure then
      to.tunnel = ("%s:%d"):format(url.host:find ":" and "[" .. url.host .. "]" or url.host, url.port)
      to.authorization = credentials({}, via) or ""
    end
    local c = { origin = url.origin, graph = self.connect(to), box = self:addInbox "response",
      out = self:addOutbox("request", { "requests", optional = true }) }
    self.of[c.graph] = c
    self:link({ self, c.out }, { c.graph, "request" }, { limit = 4 })
    self:link({ c.graph, "response" }, { self, c.box })
    self:watch(c.graph, "over")
    self:addChildren(c.graph)
    return c
  end,
  -- Notes which have ended.
  look = function(self, seconds)
    while self:dataReady "over" or seconds do
      local m = self:recv("over", seconds)
      if not m then return end
      seconds = nil
      if self.of[m.component] then self.of[m.component].over = m end
    end
  end,
  -- It is not used any more.
  drop = function(self, c)
    self.of[c.graph] = nil
    if not c.over then self:removeChild(c.graph) end
    self:removeOutbox(c.out)
    self:removeInbox(c.box)
  end,
  -- Why it has ended: a code and a text.
  failure = function(self, c)
    for _ = 1, 20 do
      if c.over then break end
      self:look(0.5)
    end
    local text = c.over and c.over.error and tostring(c.over.error) or "the connection ended before a response"
    return text:match "error%[(E%d+)%]" or "E0696", text:match "error%[E%d+%]: ([^\n]*)" or text:match "^[^\n]*"
  end,
  -- One to that origin, and whether it was used before.
  connection = function(self, url, fresh)
    self:expire()
    for i = #self.kept, 1, -1 do
      local c = self.kept[i]
      if c.origin == url.origin then
        table.remove(self.kept, i)
        if not fresh then return c, true end
        self:drop(c)
      end
    end
    return self:dial(url), false
  end,
  keep = function(self, c)
    self:look()
    if c.over or self.keepAlive == 0 or self.connections == 0 then return self:drop(c) end
    c.until_ = kam.now() + self.keepAlive
    self.kept[#self.kept + 1] = c
    if #self.kept > self.connections then self:drop(table.remove(self.kept, 1)) end
  end,
  -- Gives up those whose time is over, or that have ended; seconds until the next.
  expire = function(self)
    self:look()
    for i = #self.kept, 1, -1 do
      local c = self.kept[i]
      if c.over or c.until_ <= kam.now() then self:drop(table.remove(self.kept, i)) end
    end
    return self.kept[1] and math.max(self.kept[1].until_ - kam.now(), 0.001) or nil
  end,

  -- --- one request ---

  -- A request as it is worked with, or nil and what is wrong.
  normal = function(self, msg)
    local given = type(msg) == "string" and { url = msg } or msg
    if type(given) ~= "table" then return wrong "a request is a URL or a table" end
    for name, value in pairs(given) do
      if fields[name] ~= type(value) then
        return wrong(fields[name] and ("%s is a %s"):format(name, fields[name])
          or ("a request has no field %s; it has url, method, headers, type, body, more, stream, user, password, "
            .. "from and ifRange"):format(kam.show(name)))
      end
    end
    if not given.url then return wrong "a request has a url" end
    local url, why = parse(given.url)
    if not url then return wrong(why) end
    local r = { url = url, method = given.method or "GET", body = given.body or "", more = given.more,
      stream = given.stream or self.bodies or (given.stream == nil and self.stream), headers = {}, msg = msg,
      from = given.from, redirects = 0, resumes = 0, received = 0,
      deadline = self.totalTime > 0 and kam.now() + self.totalTime or math.huge }
    if not add_headers(r.headers, self.headers) or not add_headers(r.headers, given.headers) then
      return wrong "headers is a table of names and values"
    end
    if given.type then r.headers["content-type"] = { "Content-Type", given.type } end
    local login = credentials(given, url) or (self.user ~= "" and basic(self.user, self.password))
    if login and not r.headers.authorization then r.headers.authorization = { "Authorization", login } end
    if r.from then
      if not math.tointeger(r.from) or r.from < 0 then return wrong "from is a number of bytes" end
      r.headers.range = { "Range", ("bytes=%d-"):format(r.from) }
      if given.ifRange then r.headers["if-range"] = { "If-Range", given.ifRange } end
    end
    return r
  end,

  -- What is sent first.
  head_of = function(self, r)
    local headers, url = {}, r.url
    for _, h in pairs(r.headers) do headers[h[1]] = h[2] end
    if r.resuming then
      headers.Range, headers["If-Range"] = ("bytes=%d-"):format(r.received), r.resuming
    end
    r.asked = self.gunzip and not r.headers["accept-encoding"] and not r.headers.range and not r.resuming
      and r.method ~= "HEAD"
    if r.asked then headers["Accept-Encoding"] = "gzip" end
    if self.userAgent ~= "" and not r.headers["user-agent"] then headers["User-Agent"] = self.userAgent end
    if not r.headers.accept then headers.Accept = "*/*" end
    if not r.headers.host then headers.Host = url.at end
    local target = url.target
    if self.via and url.scheme == "http" then
      target = url.text
      local login = credentials({}, self.via)
      if login then headers["Proxy-Authorization"] = login end
    end
    local large = #r.body > PIECE and not r.more
    if large then headers["Content-Length"] = #r.body end
    local more = r.more or large
    return { method = r.method, target = target, headers = headers, stream = true, more = more or nil,
      body = not large and r.body ~= "" and r.body or nil }, large
  end,

  -- Seconds that may be waited for what should take that long; 0: for any time.
  patience = function(_, r, seconds)
    local left = r.deadline - kam.now()
    if seconds == 0 then seconds = math.huge end
    local least = math.max(math.min(seconds, left), 0)
    return least < math.huge and least or nil, left <= seconds
  end,
  late = function(self, r, seconds, what)
    local _, all = self:patience(r, seconds)
    if all then seconds = self.totalTime end
    return wrong(("%s in %.14g seconds"):format(all and "no whole answer" or what, seconds))
  end,

  -- Sends msg, while the response may already come. True, or nil and why not.
  offer = function(self, x, msg)
    local c, since = x.c, kam.now()
    while true do
      local sent, why = self:trySend(msg, c.out)
      if sent then return true end
      if why ~= "full" then return wrong(why, "gone") end
      local m = self:recv(c.box, 0.02)
      if m then self:take(x, m) since = kam.now() end
      if x.done or x.failed then return wrong("done", "gone") end
      if self:told() then return wrong("told", "told") end
      local seconds = self:patience(x.r, self.idleTime)
      if seconds and kam.now() - since > seconds then return self:late(x.r, self.idleTime, "nothing was taken") end
    end
  end,
  -- Sends the rest of the body, from a text.
  send_large = function(self, x)
    local body = x.r.body
    for i = 1, #body, PIECE do
      local ok, err = self:offer(x, body:sub(i, i + PIECE - 1))
      if not ok then return nil, err end
    end
    return self:offer(x, {})
  end,
  -- The same, from the inbox, which is read to the end of the request in any case.
  send_rest = function(self, x)
    local ok, err = true, nil
    while true do
      local box, m = self:recvAny { "inbox", not x.over and x.c.box or nil }
      if not box then
        if not self:dataReady(x.c.box) then x.over = true end
        if m == "ended" and not x.over then goto continue end
        return wrong("the pieces of its body ended before the last one", "E0697")
      end
      if box ~= "inbox" then
        self:take(x, m)
      else
        if ok then ok, err = self:offer(x, m) end
        if type(m) == "table" and not m.more then return ok, err end
      end
      ::continue::
    end
  end,

  -- --- responses ---

  -- A message of the response.
  take = function(self, x, m)
    if not x.head then
      x.head = m
      self:decide(x)
      if m.body ~= "" then self:part(x, m.body) end
      x.done = not m.more
    elseif type(m) == "table" then
      x.done = true
    else
      self:part(x, m)
    end
  end,
  -- What is to be done with a response, now that its head is there.
  decide = function(self, x)
    local r, head = x.r, x.head
    local headers = head.headers
    if r.resuming or (r.from and head.status == 206) then
      local first = math.tointeger(tonumber((headers["content-range"] or ""):match "^bytes (%d+)%-"))
      local wanted = r.resuming and r.received or r.from
      if head.status ~= 206 or first ~= wanted or headers["content-encoding"] then
        x.failed = { code = "E0696", text = "the connection broke, and the rest cannot be got: it has changed, or "
          .. "is not served in parts" }
      end
      if r.resuming or x.failed then return end
    end
    x.moves = moves[head.status] and headers.location and self.redirects > 0 and not r.more
    if x.moves then return end
    if self.bodies and head.status > 299 then
      x.failed = { code = "E0699", text = ("the answer is %d %s"):format(head.status, head.reason) }
      return
    end
    if r.asked and (headers["content-encoding"] or ""):lower():find "^x?%-?gzip$" and head.status ~= 304 then
      self:begin_gunzip(x)
      headers["content-encoding"], headers["content-length"] = nil, nil
    elseif r.method == "GET" and head.status == 200 and not headers["content-encoding"] then
      local tag = headers.etag
      r.again = tag and tag:find '^"' and tag or not tag and headers["last-modified"] or nil
      if (headers["accept-ranges"] or "") == "none" then r.again = nil end
    end
    r.answer = { url = r.url.text, request = r.msg, status = head.status, reason = head.reason,
      version = head.version, headers = headers, body = "" }
    if r.stream and not self.bodies and (head.more or x.gunzip) then
      r.answer.more = true
      self:send(r.answer)
    end
  end,
  -- A part of the body, as it came.
  part = function(self, x, bytes)
    if x.failed then return end
    if x.moves then
      x.discarded = (x.discarded or 0) + #bytes
      if x.discarded > DISCARD then x.done, x.spoilt = true, true end
    elseif x.gunzip then
      self:gunzip_part(x, bytes)
    else
      self:deliver(x, bytes)
    end
  end,
  -- A part of the body, for who asked.
  deliver = function(self, x, bytes)
    local r = x.r
    r.received = r.received + #bytes
    if r.stream and (self.bodies or r.answer.more) then
      self:send(bytes)
    elseif r.received > self.body then
      x.failed = { code = "E0699", text = ("the body has more than %d bytes"):format(self.body) }
    else
      r.parts = r.parts or {}
      r.parts[#r.parts + 1] = bytes
    end
  end,

  begin_gunzip = function(self, x)
    x.gunzip = self.gunzip(not x.r.stream and self.body or 0)
    x.packed = self:addOutbox("packed", { "what is compressed", optional = true })
    x.last = self:addOutbox("last", { "that no more is", optional = true })
    self:link({ self, x.packed }, { x.gunzip, "inbox" })
    self:link({ self, x.last }, { x.gunzip, "control" })
    x.unpacked = self:addInbox "unpacked"
    self:link({ x.gunzip, "outbox" }, { self, x.unpacked })
    x.ended = self:addInbox "ended"
    self:watch(x.gunzip, x.ended)
    self:addChildren(x.gunzip)
  end,
  -- Decompresses some, and hands on what there is.
  gunzip_part = function(self, x, bytes)
    while true do
      local sent, why = self:trySend(bytes, x.packed)
      local n = self:dataReady(x.unpacked) or 0
      for _ = 1, n do self:deliver(x, self:recv(x.unpacked)) end
      if sent or why ~= "full" then return end
      if n == 0 then self:sleep(0.001) end
    end
  end,
  -- The rest of it.
  end_gunzip = function(self, x)
    if not x.gunzip then return end
    if x.failed then
      x.gunzip:stop()
    else
      self:send(kam.producerFinished(), x.last)
      for bytes in self:messages(x.unpacked) do self:deliver(x, bytes) end
    end
    local over = self:recv(x.ended)
    if over and not over.ok and not x.failed then
      local text = tostring(over.error)
      x.failed = { code = text:match "error%[(E%d+)%]", text = text:match "error%[E%d+%]: ([^\n]*)" or text }
    end
    self:removeOutbox(x.packed)
    self:removeOutbox(x.last)
    self:removeInbox(x.unpacked)
    self:removeInbox(x.ended)
  end,

  -- Sends r over a connection, and reads the answer: x, or nil and what went wrong.
  attempt = function(self, r, fresh)
    local c, used = self:connection(r.url, fresh)
    local x = { r = r, c = c }
    local head, large = self:head_of(r)
    local ok, err = self:offer(x, head)
    if ok and large then ok, err = self:send_large(x) elseif r.more then ok, err = self:send_rest(x) end
    if not ok and err.code ~= "gone" then x.failed = err end
    while not x.done and not x.failed do
      local seconds = x.head and self.idleTime or self.headTime
      local m, why = self:recv(c.box, (self:patience(r, seconds)))
      if m then
        self:take(x, m)
      elseif why == "timeout" then
        local _, late = self:late(r, seconds, x.head and "no more of the body" or "no answer")
        x.failed, x.late = late, true
      elseif why == "told" then
        x.failed = { code = "told", text = "told to end" }
      else
        local code, text = self:failure(c)
        x.failed = { code = code, text = text, broken = true }
        x.stale = used and not x.head and not r.more and (idempotent[r.method] or false)
      end
    end
    self:end_gunzip(x)
    if x.failed or x.spoilt or not ok then self:drop(c) else self:keep(c) end
    return x
  end,

  -- Makes r what a redirect asks for, or gives what is wrong with it.
  follow = function(self, r, head)
    local to, why = resolve(r.url, head.headers.location)
    if not to then return "a redirect to nowhere: " .. why end
    r.redirects = r.redirects + 1
    if r.redirects > self.redirects then return ("more than %d redirects"):format(self.redirects) end
    if r.url.scheme == "https" and to.scheme == "http" and not self.downgrade then
      return "a redirect from https to http, to " .. to.text
    end
    if (head.status == 303 and r.method ~= "HEAD") or (head.status < 303 and r.method == "POST") then
      r.method, r.body = "GET", ""
      for name in pairs(r.headers) do
        if name:find "^content%-" then r.headers[name] = nil end
      end
    end
    if to.origin ~= r.url.origin then
      r.headers.authorization, r.headers.cookie, r.headers["proxy-authorization"] = nil, nil, nil
    end
    r.headers.host = nil
    r.url = to
  end,
  -- The answer to r: nil if all is sent, or what went wrong.
  answer = function(self, r)
    local fresh
    while true do
      local x = self:attempt(r, fresh)
      local failed = x.failed
      fresh = x.stale
      if x.stale then
        r.answer = nil
      elseif failed and (failed.broken or x.late) and r.again and r.resumes < self.resumes
        and kam.now() < r.deadline then
        r.resumes, r.resuming = r.resumes + 1, r.again
        self:sleep(0.2 * r.resumes)
      elseif failed and r.resuming and failed.broken and not x.head and r.resumes < self.resumes then
        r.resumes = r.resumes + 1
        self:sleep(0.2 * r.resumes)
      elseif failed then
        return failed
      elseif x.moves then
        local why = self:follow(r, x.head)
        if why then return { code = "E0699", text = why } end
      else
        return nil
      end
    end
  end,

  -- Gets msg answered.
  serve = function(self, msg)
    local r, failed = self:normal(msg)
    if r then failed = self:answer(r) end
    if not r and type(msg) == "table" and msg.more then self:skip() end
    if failed and failed.code == "told" then return end
    if failed and self.bodies then
      local url = r and r.url.text or type(msg) == "table" and msg.url or msg
      error(("error[%s]: %s: %s"):format(failed.code, kam.show(url), failed.text), 0)
    end
    if failed then
      self:send { url = r and r.url.text or nil, request = msg, error = failed.text, code = failed.code }
    elseif self.bodies then
      return
    elseif r.answer.more then
      self:send {}
    else
      r.answer.body = table.concat(r.parts or {})
      self:send(r.answer)
    end
  end,
  -- The pieces of a request that cannot be are nobody's.
  skip = function(self)
    for m in self:messages() do
      if type(m) == "table" and not m.more then return end
    end
  end,

  main = function(self)
    if self.url ~= "" then
      self:serve(self.url)
    else
      while true do
        local msg, why = self:recv("inbox", (self:expire()))
        if msg ~= nil then self:serve(msg) elseif why ~= "timeout" then break end
      end
    end
    for _, c in pairs(self.kept) do self:drop(c) end
  end,
  example = [[
-- A server that says whatever it is asked.
local Parrot = kam.component "Parrot" {
  inboxes = { request = "requests" }, outboxes = { response = "responses" },
  main = function(self)
    for request in self:messages "request" do
      self:send({ status = 200, reason = "OK", version = "1.1", headers = {}, body = request.target }, "response")
    end
  end,
}

kam.Pipeline {
  kam.OneShot "http://localhost/hello",
  kam.HTTPAgent { connect = function() return Parrot() end },
  kam.each(function(response) print(response.status, response.body) end),
}:run()
--> 200	/hello
]],
}
