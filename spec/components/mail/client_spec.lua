-- SMTPClient: what it sends is what the server gets, each mail is answered once, and no answer
-- says yes that the server has not said.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- The answers to mails, given one after the other to a client of a server; what the server got.
-- serve: the options of an SMTPServer, or a script for each connection.
local function sent(mails, serve, given)
  local answers, got = {}, {}
  local _, _, text = kit.run(kam.main(function(self)
    local server
    if type(serve) == "function" then
      server = kam.ServerCore { serve, port = 0 }
    else
      local options = { port = 0, mail = function(envelope, body)
        got[#got + 1] = { from = envelope.from, to = envelope.to, body = body }
      end }
      for name, value in pairs(serve) do options[name] = value end
      server = kam.SMTPServer(options)
    end
    self:addChildren(server)
    self:link({ server, "listening" }, { self, "inbox" })
    local options = { host = "localhost", port = self:recv().port }
    for name, value in pairs(given or {}) do options[name] = value end
    local client = kam.SMTPClient(options)
    local done, mail = self:addInbox "done", self:addOutbox("mail", { "mails", optional = true })
    self:link({ client, "outbox" }, { self, done })
    self:link({ self, mail }, { client, "inbox" })
    self:addChildren(client)
    for _, m in ipairs(mails) do
      self:send(m, mail)
      answers[#answers + 1] = self:recv(done)
    end
    self:unlink(client)
    server:stop()
  end))
  return answers, got, text
end

-- A server that says what lines give, in their order: for the greeting, and each line that comes;
-- then it is gone. heard gets the lines.
local function says(lines, heard)
  return function()
    return kam.main(function(self)
      local rest, at = "", 2
      self:send(lines[1] .. "\r\n")
      for bytes in self:messages() do
        rest = rest .. tostring(bytes)
        while rest:find "\r\n" do
          local line
          line, rest = rest:match "^(.-)\r\n(.*)$"
          heard[#heard + 1] = line
          if not lines[at] then return end
          if lines[at] ~= "" then self:send(lines[at] .. "\r\n") end
          at = at + 1
        end
      end
    end)
  end
end

local mail = { from = "a@b.example", to = "c@d.example", body = "Subject: x\r\n\r\nhello\r\n" }

describe("SMTPClient", function()
  it("sends mails, their lines with CR LF, dots and all", function()
    local answers, got = sent({ mail, { from = "", to = { "e@f.example", "g@f.example" }, body = "a\n.\n..b\rc" },
      { from = "a@b.example", to = "h@f.example", body = ("x"):rep(1000, "\n") } }, {})
    for i = 1, 3 do assert.is_true(answers[i].ok) end
    assert.same({ ["e@f.example"] = "250 2.0.0 Taken", ["g@f.example"] = "250 2.0.0 Taken" }, answers[2].replies)
    assert.same({ from = "", to = { "e@f.example", "g@f.example" }, body = "a\r\n.\r\n..b\r\nc\r\n" }, got[2])
    assert.equal(mail.body, got[1].body)
    assert.equal(("x\r\n"):rep(1000), got[3].body)
  end)

  it("tells of each recipient, and goes on after one that is refused", function()
    local answers, got = sent({ { from = "a@b.example", to = { "no@d.example", "yes@d.example" }, body = "x" },
      { from = "a@b.example", to = "no@d.example", body = "y" }, mail }, {
      recipient = function(to) return to:find "^no" and "550 5.1.1 Nobody" or nil end })
    assert.is_false(answers[1].ok)
    assert.same({ ["no@d.example"] = "550 5.1.1 Nobody", ["yes@d.example"] = "250 2.0.0 Taken" }, answers[1].replies)
    assert.is_false(answers[2].ok)
    assert.is_true(answers[3].ok)
    assert.equal(2, #got)
    assert.same({ "yes@d.example" }, got[1].to)
  end)

  it("sends all mails although what they come from has ended before the first is sent", function()
    local got, answers = 0, {}
    kit.runs(kam.main(function(self)
      local server = self:addChildren(kam.SMTPServer { function() got = got + 1 end, port = 0 })
      self:link({ server, "listening" }, { self, "inbox" })
      local over = self:addInbox "over"
      local graph = kam.Pipeline { kam.DataSource { mail, mail, mail },
        kam.SMTPClient { "localhost", self:recv().port }, kit.into(answers) }
      self:addChildren(graph)
      self:watch(graph, over)
      self:recv(over)
      server:stop()
    end))
    assert.equal(3, got)
    for i = 1, 3 do assert.is_true(answers[i].ok) end
  end)

  it("keeps the connection, and makes another if that is gone by the next mail", function()
    local whole = { "220 x", "250 x", "250 Ok", "250 Ok", "354 Go on", "", "", "", "250 Taken" }
    local again, heard = table.move(whole, 3, #whole, #whole + 1, { table.unpack(whole) }), {}
    local answers = sent({ mail, mail }, says(again, heard))
    assert.is_true(answers[1].ok and answers[2].ok)
    assert.equal(1, select(2, table.concat(heard, "\n"):gsub("EHLO", "")))
    heard = {}
    answers = sent({ mail, mail }, says(whole, heard))
    assert.is_true(answers[1].ok and answers[2].ok)
    assert.equal(2, select(2, table.concat(heard, "\n"):gsub("EHLO", "")))
  end)

  it("begins TLS where it may, and sends nothing to a server that nobody vouches for", function()
    local folder = os.tmpname()
    os.remove(folder)
    assert(os.execute(("mkdir %s && cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
      .. "-keyout key -out cert -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>log && "
      .. "cat cert key >site.pem"):format(folder, folder)))
    local serve = { tls = { certificates = { folder .. "/site.pem" } } }
    for _, tls in ipairs { "may", "must" } do
      local answers, got = sent({ mail, mail }, serve, { tls = tls, ca = folder .. "/cert" })
      assert.same({ ["c@d.example"] = "250 2.0.0 Taken" }, answers[2].replies)
      assert.equal(2, #got)
      answers, got = sent({ mail }, serve, { tls = tls })
      assert.is_false(answers[1].ok)
      assert.equal(0, #got)
    end
    serve.implicit = true
    local answers = sent({ mail }, serve, { tls = "implicit", ca = folder .. "/cert" })
    assert.is_true(answers[1].ok)
    os.execute("rm -r " .. folder)
  end)

  it("says no address that would be another command", function()
    local bad = { "a@b\r\nRCPT TO:<x@y>", "a@b> <c", "a b@c", '"a@b', "a\0b@c" }
    local answers, got = sent({ { from = "a@b.example", to = bad, body = "x" },
      { from = bad[1], to = "c@d.example", body = "x" } }, {})
    for _, to in ipairs(bad) do assert.equal("553 5.1.3 That is no address", answers[1].replies[to]) end
    assert.is_false(answers[2].ok)
    assert.equal(0, #got)
  end)

  it("never says yes if the server is gone, at whatever word", function()
    local whole = { "220 x", "250 x", "250 Ok", "250 Ok", "354 Go on", "", "", "", "250 Taken" }
    for n = 1, #whole do
      local lines, heard = table.move(whole, 1, n, 1, {}), {}
      local answers = sent({ mail }, says(lines, heard))
      local reply = answers[1].replies["c@d.example"]
      assert.equal(n == #whole, answers[1].ok, n .. ": " .. reply)
      if n < #whole then assert.truthy(reply:find "^4%d%d 4%.4%.", n .. ": " .. reply) end
    end
  end)

  it("cannot reach a server: that is the answer, not a failure", function()
    local answers, _, text = sent({ mail, mail }, {}, { host = "127.0.0.1", port = 1 })
    assert.equal("", text)
    for i = 1, 2 do assert.truthy(answers[i].replies["c@d.example"]:find "^451 4%.4%.") end
  end)

  it("sends nothing in the clear that must be secure", function()
    local heard = {}
    local answers = sent({ mail }, says({ "220 x", "250-x\r\n250 SIZE" , "221 Bye" }, heard), { tls = "must" })
    assert.equal("454 4.7.0 The server offers no TLS", answers[1].replies["c@d.example"])
    assert.same({ "EHLO localhost" }, heard)
  end)
end)
