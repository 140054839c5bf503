-- SMTPClient, and both sessions as a proxy, with a real Postfix behind.
local kam = require "kam"
local kit = require "spec.lua.kit"
local postfix = require "spec.components.mail.postfix"

after_each(kit.settled)

local PATIENCE = 60 -- seconds until Postfix has done what it is to do

-- Waits, within a component, until f gives something.
local function await(self, f)
  for _ = 1, PATIENCE * 20 do
    local found = f()
    if found then return found end
    self:sleep(0.05)
  end
end

-- A text with all that could be changed on the way: dots, an empty line, long ones, bytes of 8 bits.
local body = "Subject: x\n\n.\n..\n.a\n\n" .. ("y"):rep(900) .. "\n\xe4\xff \ttail \n.\n\nend.\n"

-- What becomes of mails that a client sends to a port.
local function send(self, port, mails)
  local answers = {}
  local client = kam.SMTPClient { "127.0.0.1", port, hostname = "client.example" }
  local graph = kam.Pipeline { kam.DataSource(mails), client, kit.into(answers) }
  self:addChildren(graph)
  self:watch(graph, "inbox")
  self:recv()
  return answers
end

local function proxy_to(port)
  return function()
    return kam.Graphline { NET = kam.TCPClient { "127.0.0.1", port }, SMTP = kam.SMTPClientSession(),
      linkages = { "self -> SMTP.request", "SMTP.reply -> self", "SMTP -> NET", "NET -> SMTP" } }
  end
end

local mail = { from = "a@client.example", to = { "one@test.example", "two@test.example" }, body = body }

-- Each mail in the maildir has the body as it was sent.
local function assert_bodies(mails)
  for _, text in ipairs(mails) do assert.equal(body, text:sub(-#body)) end
end

describe("SMTP with Postfix", function()
  local why = postfix.missing()
  if why then
    pending(why)
    return
  end

  it("takes the mails of SMTPClient as they are", function()
    local server <close> = postfix.start()
    local answers, found
    kit.runs(kam.main(function(self)
      answers = send(self, server.port, { mail, mail })
      found = await(self, function()
        local mails = server:mails()
        return #mails >= 4 and mails
      end)
    end))
    assert.is_true(answers[1].ok and answers[2].ok, kam.show(answers[1].replies) .. server:log())
    assert.equal(4, #found)
    assert_bodies(found)
  end)

  it("takes them through a proxy of two links, with nothing changed", function()
    local server <close> = postfix.start()
    local answers, found
    kit.runs(kam.main(function(self)
      local proxy = self:addChildren(kam.SMTPServer { handler = proxy_to(server.port), port = 0 })
      local listening = self:addInbox "listening"
      self:link({ proxy, "listening" }, { self, listening })
      answers = send(self, self:recv(listening).port,
        { mail, { from = "x@client.example", to = { "not an address@", "three@test.example" }, body = body } })
      found = await(self, function()
        local mails = server:mails()
        return #mails >= 3 and mails
      end)
      proxy:stop()
    end))
    assert.is_true(answers[1].ok, kam.show(answers[1].replies) .. server:log())
    assert.truthy(answers[1].replies["one@test.example"]:find "queued as")
    assert.is_false(answers[2].ok)
    assert.equal(3, #found)
    assert_bodies(found)
  end)

  it("takes nothing of a mail that is given up", function()
    local server <close> = postfix.start()
    kit.runs(kam.main(function(self)
      local asks = {}
      local session = kam.Graphline { NET = kam.TCPClient { "127.0.0.1", server.port },
        SMTP = kam.SMTPClientSession(), inboxes = { "request" }, outboxes = { "reply" },
        linkages = { "self.request -> SMTP.request", "SMTP.reply -> self.reply", "SMTP -> NET", "NET -> SMTP" } }
      self:link({ self, "outbox" }, { session, "request" })
      self:link({ session, "reply" }, { self, "inbox" })
      self:addChildren(session)
      for _, request in ipairs { { command = "CONNECT" }, { command = "EHLO", name = "client.example" },
        { command = "MAIL", from = mail.from }, { command = "RCPT", to = mail.to[1] }, { command = "DATA" } } do
        self:send(request)
        asks[#asks + 1] = tostring(self:recv()):sub(1, 3)
      end
      assert.same({ "220", "250", "250", "250", "354" }, asks)
      self:send "Subject: x\r\n\r\nhalf\r\n"
      self:send { command = "ABORT", reason = "the peer is gone" }
      assert.truthy(await(self, function() return server:log():find "lost connection after DATA" end))
      assert.equal(0, #server:mails())
      assert.equal(0, server:queued())
    end))
  end)
end)
