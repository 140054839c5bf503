-- GreyPool: the connections with the real server. Who talks with it takes one, a new one or one that
-- another client has left, and gives it back:
--
--     a talk ── { take = configuration, … } ──> GreyPool ──> SMTPClientSession [ <──> TLS ] <──> TCP
--            <───────── a connection ──────────
--            ──────── { back = it } ──────────>   kept for the next, or told QUIT
--            ──────── { drop = it } ──────────>   closed, whatever was under way
--
-- A connection is { config =, session = the SMTPClientSession, parts = what is below it, has = the
-- extensions of the server, once it has told them, mails = how many have been begun on it, fresh = it is
-- new, introduced = the server was told of a client, refused = it has refused something, trouble = why it
-- was lost }. Its session does not end as long as somebody may link to it: what is asked of it when the
-- server has gone, it answers itself.
local kam = require "kam"

local MOST = 100 -- connections that are kept

-- The header of the PROXY protocol, version 1, that tells of a client.
local function proxy_header(client)
  local six = client.ip:find ":" ~= nil
  if six ~= (client.toIP:find ":" ~= nil) then return "PROXY UNKNOWN\r\n" end
  return ("PROXY %s %s %s %d %d\r\n"):format(six and "TCP6" or "TCP4", client.ip, client.toIP, client.port,
    client.toPort)
end

return kam.component "GreyPool" {
  summary = "Keeps connections with the real server for the next client.",
  doc = "Asked with { take = the configuration, client = for whom, secured = there is to be TLS below, fresh = no "
    .. "kept one }, it gives a connection; with { back = it } or { drop = it } it has it back. Kept, for "
    .. "`upstream_keep` of the configuration, are those on which the server has refused nothing, and was told "
    .. "of no client (XCLIENT, PROXY protocol).",
  ends = "When it is told, or by `finish`, after QUIT on what it has kept.",
  effects = true,
  inboxes = {
    inbox = { "requests (self:ask)", open = true },
    over = { "that a connection has ended", open = true },
    finish = { "that nobody needs one any more", open = true },
  },
  outboxes = {
    outbox = false,
    quit = { "QUIT", optional = true },
  },
  init = function(self)
    self.kept = {} -- the one that came last is the last, and the next to go
    self.of = setmetatable({}, { __mode = "k" }) -- connections by what they are made of
  end,

  -- A new connection: there is a TLSSession in it, to be begun by STARTTLS, if it is to be secured.
  make = function(self, asked)
    local config = asked.take
    local net = kam.TCPClient { config.smtp_ip, config.smtp_port, timeout = config.upstream_connect_time }
    local session = kam.SMTPClientSession {
      preamble = asked.client and config.upstream_proxy and proxy_header(asked.client) or "" }
    local c = { config = config, session = session, parts = { net }, mails = 0, fresh = true }
    if asked.secured then
      local tls = kam.TLSSession { client = true, startTLS = true, verify = config.upstream_verify,
        serverName = config.upstream_name ~= "" and config.upstream_name or config.smtp_ip,
        ca = config.upstream_ca }
      c.parts[2] = tls
      self:link({ session, "outbox" }, { tls, "encrypt" })
      self:link({ tls, "outbox" }, { net, "inbox" })
      self:link({ net, "outbox" }, { tls, "inbox" })
      self:link({ tls, "decrypted" }, { session, "inbox" })
    else
      self:link({ session, "outbox" }, { net, "inbox" })
      self:link({ net, "outbox" }, { session, "inbox" })
    end
    for _, part in ipairs { session, table.unpack(c.parts) } do
      self.of[part] = c
      self:watch(part, "over")
      self:addChildren(part)
    end
    return c
  end,
  take = function(self, asked)
    while not asked.fresh and #self.kept > 0 do
      local c = table.remove(self.kept)
      if c.config == asked.take then
        c.fresh, c.free = false, nil
        return c
      end
      self:quit(c)
    end
    return self:make(asked)
  end,

  drop = function(self, c)
    self:removeChild(c.session)
    for _, part in ipairs(c.parts) do self:removeChild(part) end
  end,
  -- Its session ends when QUIT is answered, and the rest with it.
  quit = function(self, c)
    c.free = nil
    self:link({ c.session, "reply" }, self:addChildren(kam.NullSink()))
    local link = self:link({ self, "quit" }, { c.session, "request" })
    self:send({ command = "QUIT" }, "quit")
    self:unlink(link)
  end,
  back = function(self, c)
    local config = c.config
    if c.trouble then return self:drop(c) end
    if c.refused or c.introduced or config.upstream_proxy or config.upstream_keep == 0
      or c.mails >= config.upstream_mails or #self.kept == MOST then return self:quit(c) end
    c.free = kam.now() + config.upstream_keep
    self.kept[#self.kept + 1] = c
  end,

  -- Something of a connection has ended, or failed.
  lost = function(self, over)
    local c = self.of[over.component]
    if not c then return end
    c.trouble = c.trouble or over.error and tostring(over.error):match "^[^\n]*" or "it has closed the connection"
    if not c.free then return end
    for i, other in ipairs(self.kept) do
      if other == c then
        table.remove(self.kept, i)
        return self:drop(c)
      end
    end
  end,
  -- Those whose time is over are closed: the seconds to the next, or nil.
  expire = function(self)
    local now = kam.now()
    while self.kept[1] and self.kept[1].free <= now do self:quit(table.remove(self.kept, 1)) end
    return self.kept[1] and self.kept[1].free - now
  end,
  main = function(self)
    repeat
      local box, msg = self:recvAny({ "over", "inbox", "finish" }, self:expire())
      if box == "over" then
        self:lost(msg)
      elseif box == "inbox" then
        local asked = msg.msg
        if asked.take then
          local c = self:take(asked)
          if not msg:reply(c) then self:drop(c) end -- who asked has gone meanwhile
        else
          if asked.back then self:back(asked.back) else self:drop(asked.drop) end
          msg:reply(true)
        end
      end
    until box == "finish" or not box and msg ~= "timeout"
    for _, c in ipairs(self.kept) do self:quit(c) end
  end,
}
