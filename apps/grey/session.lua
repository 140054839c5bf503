-- GreySession: what a client says goes on to the real server, as far as the engine lets it, and
-- what that answers comes back. There is no connection with the server before a recipient has
-- passed, and no client hears that its mail is taken before the server has said so.
local dates = require "dates"
local kam = require "kam"
local names = require "names"
local upstream = require "upstream"

local ENGINE_TIME = 30 -- seconds in which there is a verdict

local serial = 0

-- A name for the log that no other talk of this process has.
local function new_id()
  serial = serial + 1
  return ("%x.%x"):format(os.time(), serial)
end

local function kind(reply) return reply:sub(1, 1) end

return kam.component "GreySession" {
  summary = "Lets a client talk to the real server, as far as the engine lets it.",
  doc = "Stands between an SMTPServerSession and, from the first recipient that passes, a connection with the "
    .. "real server, whose answers it gives on. `terms` are the configuration, and the extensions that the "
    .. "client was offered; the service `grey engine` is asked of each recipient.",
  ends = "When the client has left, and the server has answered what was under way.",
  inboxes = {
    inbox = "requests, and pieces of mails, of an SMTPServerSession",
    server = "replies of the real server",
    over = "that a look-up of the client's name has ended",
  },
  outboxes = {
    outbox = "replies",
    server = { "requests, and pieces of mails, for the real server", optional = true },
    events = { "what is to be logged and counted: see log.lua", optional = true },
  },
  options = {
    terms = { type = "table", "{ config =, offers = }" },
    client = { type = "table", "{ ip =, port =, toIP =, toPort =, helo =, esmtp =, secured = }" },
  },
  first = { "terms", "client" },
  init = function(self)
    self.config, self.offers = self.terms.config, self.terms.offers
    self.id, self.mail, self.named = new_id(), nil, false
    self.connection, self.has = nil, nil
  end,

  -- --- the real server ---

  -- The reply to a request, or to the one before for which nobody has waited; one of ours if the
  -- connection is no more.
  tell = function(self, request)
    local c, reply = self.connection
    if request then reply = upstream.tell(self, request) else reply = upstream.answer(self) end
    if c and c.trouble and not c.told then
      c.told = true
      self:tell_of { event = "upstream", up = false, reason = c.trouble }
    end
    return reply or upstream.LOST
  end,
  -- A connection on which a mail may be sent, a fresh one if it must be: nil, or the reply that says why
  -- there is none.
  connect = function(self, fresh)
    local c = self.connection
    if c and not fresh and not c.trouble and c.mails < self.config.upstream_mails then return nil end
    upstream.part(self)
    local reply, why
    self.has, reply, why = upstream.connect(self, self.config, self.client, fresh)
    if self.has then return nil end
    self:tell_of { event = "upstream", up = false, reason = why }
    return reply
  end,
  -- The server hears of the mail, if it has not yet, and of a recipient, in one go if it takes that: its
  -- replies to both, the second nil if the first is none that goes on.
  present = function(self, r)
    local mail = self.mail
    local of_mail, lacks = upstream.parameters(mail.parameters, self.has)
    local of_recipient, lacks_too = upstream.parameters(r.parameters, self.has)
    if lacks or lacks_too then return upstream.lacks(lacks or lacks_too) end
    local recipient = { command = "RCPT", to = r.to, parameters = of_recipient }
    if mail.begun then return "250 Ok", self:tell(recipient) end
    local begin = { command = "MAIL", from = mail.from, parameters = of_mail }
    if self.has.PIPELINING then
      self:send(begin, "server")
      self:send(recipient, "server")
      return self:tell(), self:tell()
    end
    local reply = self:tell(begin)
    return reply, kind(reply) == "2" and self:tell(recipient) or nil
  end,
  -- The reply to a recipient. A mail that is put off on a connection that has been used before begins
  -- again on a fresh one: the server may have closed the old one, or be tired of it.
  recipient = function(self, r)
    local mail, to_mail, reply = self.mail
    for try = 1, 2 do
      if not mail.begun and not mail.lost then mail.lost = self:connect(try == 2) end
      if mail.lost then return mail.lost end
      to_mail, reply = self:present(r)
      if kind(to_mail) == "2" or kind(to_mail) == "5" or self.connection.fresh then break end
    end
    if kind(to_mail) ~= "2" then return to_mail end
    if not mail.begun then
      local c = self.connection
      mail.begun, c.fresh, c.mails = true, false, c.mails + 1
    end
    return reply
  end,

  -- --- what is told ---

  tell_of = function(self, event)
    event.id, event.client, event.name = self.id, self.client.ip, self.client.name
    self:send(event, "events")
  end,
  tell_of_recipient = function(self, address, verdict, action, reply)
    self:tell_of { event = "recipient", helo = self.client.helo, sender = self.mail.from, recipient = address,
      action = action or verdict.action, reason = verdict.reason, wait = verdict.wait, reply = reply }
  end,
  tell_of_mail = function(self, outcome, reply, size)
    local mail = self.mail
    self:tell_of { event = "mail", helo = self.client.helo, sender = mail.from, recipients = mail.recipients,
      size = size, reply = reply, outcome = outcome, seconds = kam.now() - mail.since,
      unheard = outcome == "delivered" and self:is_alone() or nil }
  end,
  -- Has the client gone, and said nothing more before?
  is_alone = function(self)
    return not self:dataReady "inbox" and select(2, self:recv("inbox", 0)) ~= "timeout"
  end,

  -- --- requests: each gives the reply, or nil if there is none ---

  EHLO = function(self, r)
    self:RSET()
    self.client.helo, self.client.esmtp, self.client.secured = r.name, r.command == "EHLO", r.secured
    local lines = { ("250 %s"):format(self.config.servername) }
    if self.client.esmtp then table.move(self.offers, 1, #self.offers, 2, lines) end
    return table.concat(lines, "\n")
  end,
  HELO = function(self, r) return self:EHLO(r) end,
  MAIL = function(self, r)
    self:RSET()
    self.mail = { from = r.from, parameters = r.parameters, recipients = {}, headers = {}, since = kam.now() }
    return "250 2.1.0 Ok"
  end,
  RCPT = function(self, r)
    local mail, client = self.mail, self.client
    if not self.named and names.wanted(self.config, client.ip) then
      local why
      client.name, client.unsure, why = names.look_up(self, self.config, client.ip)
      if why then self:tell_of { event = "trouble", text = "clients have no names", reason = why } end
    end
    self.named = true
    local verdict = self:ask("grey engine", { client = client.ip, name = client.name, helo = client.helo,
      sender = mail.from, recipient = r.to }, ENGINE_TIME)
      or { action = "defer", reason = "no verdict", reply = "451 4.3.0 Try again later" }
    local late = verdict.action == "defer" and verdict.at == "DATA"
    if verdict.action ~= "accept" and not late then
      self:tell_of_recipient(r.to, verdict, nil, verdict.reply)
      return verdict.reply
    end
    local reply = self:recipient(r)
    if kind(reply) == "2" then
      mail.recipients[#mail.recipients + 1] = r.to
      mail.headers[#mail.headers + 1] = verdict.header
      if late then mail.deferred = verdict end
      self:tell_of_recipient(r.to, verdict, nil, reply)
    else
      self:tell_of_recipient(r.to, verdict, kind(reply) == "5" and "refused" or "trouble", reply)
    end
    return reply
  end,
  DATA = function(self)
    local mail = self.mail
    if mail.deferred then
      self:tell_of_mail("deferred", mail.deferred.reply)
      self:RSET()
      return mail.deferred.reply
    end
    local reply = self:tell { command = "DATA" }
    if kind(reply) ~= "3" then
      self:tell_of_mail(kind(reply) == "5" and "refused" or "trouble", reply)
      self:RSET()
    else
      mail.data = true
      self:send(self:head(), "server")
    end
    return reply
  end,
  END = function(self, r)
    local reply = self:tell(r)
    local outcome = kind(reply) == "2" and "delivered" or kind(reply) == "5" and "refused" or "trouble"
    self:tell_of_mail(outcome, reply, r.size)
    self.mail = nil
    return reply
  end,
  ABORT = function(self, r)
    if self.connection then self:send(r, "server") end
    self:tell_of_mail("aborted", r.reason)
    self.mail = nil
    upstream.hang_up(self)
  end,
  RSET = function(self)
    if self.mail and self.mail.begun and self.connection then self:send({ command = "RSET" }, "server") end
    self.mail = nil
  end,
  QUIT = function(self) self:RSET() end,

  -- --- the head of a mail ---

  head = function(self)
    local mail, client, config = self.mail, self.client, self.config
    local ip = client.ip:find ":" and "IPv6:" .. client.ip or client.ip
    local lines = {}
    if config.received then
      lines[1] = ("Received: from %s (%s[%s])\r\n\tby %s with %s id %s%s;\r\n\t%s\r\n"):format(client.helo,
        client.name and client.name .. " " or "", ip,
        config.servername, client.esmtp and (client.secured and "ESMTPS" or "ESMTP") or "SMTP", self.id,
        #mail.recipients == 1 and ("\r\n\tfor <%s>"):format(mail.recipients[1]) or "",
        dates.mail(os.time()))
    end
    for _, header in ipairs(mail.headers) do lines[#lines + 1] = header .. "\r\n" end
    return table.concat(lines)
  end,

  main = function(self)
    for r in self:messages() do
      if type(r) ~= "table" then
        if self.connection then self:send(r, "server") end
      else
        local handle = self[r.command]
        local reply = handle and handle(self, r)
        if reply then self:send(reply) end
      end
    end
    if self.mail and self.mail.data then upstream.hang_up(self) end -- nobody has said how it ends
    self:RSET()
    upstream.part(self)
  end,
}
