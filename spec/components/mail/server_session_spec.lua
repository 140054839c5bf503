-- SMTPServerSession: what commands become, what is refused, and the limits, each from both sides.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local EHLO = "250 mail.example\nPIPELINING\n8BITMIME\nSMTPUTF8\nDSN\nSIZE 1000000"
local usual = { CONNECT = "220 mail.example", EHLO = EHLO, HELO = EHLO, MAIL = "250 2.1.0 Ok", RCPT = "250 2.1.5 Ok",
  DATA = "354 Go on", END = "250 2.0.0 Taken" }

-- A handler that replies as usual, but for `others`, and notes what it was told: the tables as
-- texts, and the pieces of a mail as one.
local function handler(others, told)
  return kam.main(function(self)
    for r in self:messages() do
      if type(r) ~= "table" then
        if not told.open then told[#told + 1], told.open = "", true end
        told[#told] = told[#told] .. tostring(r)
      else
        told.open = false
        told[#told + 1] = r
        local reply = others[r.command] or usual[r.command]
        if type(reply) == "function" then reply = reply(r) end
        if reply then self:send(reply) end
      end
    end
  end)
end

-- What a session says to a peer that says these pieces, each when it has nothing more to hear
-- for a while (a number: so many seconds pass); what the handler was told; and what was said.
local function talk(pieces, given, others)
  local heard, told = {}, {}
  given = given or {}
  given.hostname = given.hostname or "mail.example"
  local early = given.early
  given.early = nil
  local _, _, text = kit.run(kam.Graphline {
    PEER = kam.main(function(self)
      local function hear(seconds)
        while true do
          local bytes, why = self:recv("inbox", seconds)
          if not bytes then return why ~= "timeout" end
          heard[#heard + 1] = tostring(bytes)
        end
      end
      if not early then hear(2) end
      for _, piece in ipairs(pieces) do
        if type(piece) == "number" then
          if hear(piece) then return end
        else
          self:send(piece)
          if hear(2) then return end
        end
      end
    end),
    SMTP = kam.SMTPServerSession(given),
    HANDLER = handler(others or {}, told),
    linkages = { "PEER -> SMTP -> PEER", "SMTP.request -> HANDLER", "HANDLER -> SMTP.reply" },
  })
  told.open = nil
  return table.concat(heard), told, text
end

local function commands(told)
  local list = {}
  for i, r in ipairs(told) do list[i] = type(r) == "table" and r.command or r end
  return list
end

-- What is said behind the greeting and the answer to EHLO.
local function said(pieces, given, others)
  local all = { "EHLO me.example\r\n" }
  table.move(pieces, 1, #pieces, 2, all)
  local heard, told, text = talk(all, given, others)
  return heard:match "250 SIZE 1000000\r\n(.*)$" or heard, told, text
end

local envelope = { "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n", "DATA\r\n" }
local opened = "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go on\r\n"

-- What is said to a mail, behind the reply to DATA.
local function mailed(text, given, others)
  local heard, told = said({ envelope[1], envelope[2], text }, given, others)
  assert.equal(opened, heard:sub(1, #opened))
  return heard:sub(#opened + 1), told
end

describe("SMTPServerSession", function()
  it("asks its handler, and says what that replies", function()
    local heard, told = talk { "EHLO me.example\r\n", "MAIL FROM:<a@b.example> SIZE=9 BODY=8BITMIME\r\n",
      "rcpt to: <\"x y\"@d.example> NOTIFY=NEVER\r\n", "Data\r\n", "Subject: x\r\n\r\n..dot\r\n.\r\n", "QUIT\r\n" }
    assert.equal("220 mail.example\r\n250-mail.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n"
      .. "250 SIZE 1000000\r\n" .. opened .. "250 2.0.0 Taken\r\n221 2.0.0 mail.example Bye\r\n", heard)
    assert.same({ { command = "CONNECT", peer = "", peerPort = 0, localAddress = "", localPort = 0 },
      { command = "EHLO", name = "me.example" },
      { command = "MAIL", from = "a@b.example", parameters = "SIZE=9 BODY=8BITMIME", size = 9, body = "8BITMIME" },
      { command = "RCPT", to = '"x y"@d.example', parameters = "NOTIFY=NEVER" }, { command = "DATA" },
      "Subject: x\r\n\r\n.dot\r\n", { command = "END", size = 20 }, { command = "QUIT" } }, told)
  end)

  it("hears the same, however it is cut", function()
    local first = "EHLO me.example\r\n"
    local text = "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n"
    local mail = "Subject: x\r\n\r\n..dot\r\n.x\r\n\r\n.\r\nRSET\r\nNOOP\r\n"
    local whole, told = talk { first, text, "DATA\r\n", mail }
    for _, parts in ipairs { { first, text, "DATA\r\n", mail } } do
      for which = 1, #parts do
        for at = 1, #parts[which] - 1 do
          local cut = table.move(parts, 1, #parts, 1, {})
          cut[which] = parts[which]:sub(1, at)
          table.insert(cut, which + 1, parts[which]:sub(at + 1))
          local heard, also = talk(cut)
          assert.equal(whole, heard)
          assert.same(told, also)
        end
      end
    end
    local singles = {}
    for c in (first .. text .. "DATA\r\n" .. mail):gmatch "." do singles[#singles + 1] = c end
    local heard, also = talk(singles)
    assert.equal(whole, heard)
    assert.same(told, also)
  end)

  it("takes commands in their order only", function()
    assert.equal("220 mail.example\r\n503 5.5.1 Say EHLO first\r\n", (talk { "MAIL FROM:<a@b.example>\r\n" }))
    for line, reply in pairs { ["RCPT TO:<a@b.example>"] = "503 5.5.1 Say MAIL first",
      DATA = "503 5.5.1 Say MAIL first", XYZ = "500 5.5.2 No such command", BDAT = "502 5.5.1 This command is not to be had",
      STARTTLS = "502 5.5.1 TLS is not to be had", ["MAIL FROM:a@b.example"] = "501 5.1.7 An address stands in < >",
      ["MAIL FROM:<a@b.example> XYZ=1"] = "555 5.5.4 A parameter that is not offered",
      ["MAIL FROM:<a@b.example> SIZE=1000001"] = "552 5.3.4 The mail is too large" } do
      assert.equal(reply .. "\r\n", (said { line .. "\r\n" }), line)
    end
    assert.equal("250 2.1.0 Ok\r\n503 5.5.1 There is a sender already\r\n554 5.5.1 There is no valid recipient\r\n",
      (said { "MAIL FROM:<>\r\n", "MAIL FROM:<>\r\n", "DATA\r\n" }))
  end)

  it("takes no more of a mail whose DATA was refused", function()
    assert.equal("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n450 4.7.1 Later\r\n503 5.5.1 Say MAIL first\r\n250 2.1.0 Ok\r\n",
      (said({ envelope[1], "DATA\r\n", "RCPT TO:<a@b.example>\r\n", "MAIL FROM:<>\r\n" }, nil,
        { DATA = "450 4.7.1 Later" })))
  end)

  it("refuses parameters of extensions that are not offered", function()
    local heard = talk({ "EHLO me.example\r\n", "MAIL FROM:<a@b.example> SIZE=1\r\n", "MAIL FROM:<\xc3\xa4@b.example>\r\n" },
      nil, { EHLO = "250 mail.example\n8BITMIME" })
    assert.equal("220 mail.example\r\n250-mail.example\r\n250 8BITMIME\r\n555 5.5.4 A parameter that is not offered\r\n"
      .. "553 5.6.7 Such an address needs SMTPUTF8\r\n", heard)
  end)

  it("ends a mail by CR LF . CR LF only, and closes on a CR or LF alone and on NUL", function()
    for text, reply in pairs { ["a\nb\r\n.\r\n"] = "554 5.6.0 A line ends in CR LF", ["a\rb\r\n.\r\n"] =
      "554 5.6.0 A CR stands only before an LF", ["a\0b\r\n.\r\n"] = "554 5.6.0 NUL is not taken",
      ["a\n.\r\n"] = "554 5.6.0 A line ends in CR LF", ["a\r\n.\n"] = "554 5.6.0 A line ends in CR LF" } do
      local heard, told = mailed(text .. "NOOP\r\n")
      assert.equal(reply .. "\r\n", heard, (text:gsub("%c", "?")))
      assert.equal("ABORT", told[#told].command)
    end
    assert.equal("250 2.0.0 Taken\r\n", (mailed("a\nb\r\n.\r\n", { bare = "repair" })))
  end)

  it("refuses NUL, a CR alone and an LF alone in commands", function()
    for line, reply in pairs { ["NOOP\0\r\n"] = "500 5.5.2 NUL is not taken",
      ["NOOP\rx\r\n"] = "500 5.5.2 A CR stands only before an LF", ["NOOP\n"] = "500 5.5.2 A line ends in CR LF" } do
      assert.equal(reply .. "\r\n", (said { line, "NOOP\r\n" }))
    end
  end)

  it("bounds lines of commands", function()
    local function noop(n) return "NOOP " .. ("x"):rep(n - 7) .. "\r\n" end
    assert.equal("250 2.0.0 Ok\r\n", (said { noop(512) }))
    assert.equal("500 5.5.2 The line is too long\r\n", (said { noop(513) }))
    local function mail(n) return "MAIL FROM:<a@b.example> ENVID=" .. ("x"):rep(100) .. (" "):rep(n - 132) .. "\r\n" end
    assert.equal("250 2.1.0 Ok\r\n", (said { mail(2048) }))
    assert.equal("500 5.5.2 The line is too long\r\n", (said { mail(2049), "NOOP\r\n" }))
    assert.equal("500 5.5.2 The line is too long\r\n", (said { ("x"):rep(1 << 20) }))
  end)

  it("bounds mails, their lines, headers, hops and recipients", function()
    local function mail(header, line)
      return header .. "\r\n" .. ("x"):rep(line) .. "\r\n.\r\n"
    end
    assert.equal("250 2.0.0 Taken\r\n", (mailed(mail("", 2048))))
    assert.equal("554 5.6.0 A line of the mail is too long\r\n", (mailed(mail("", 2049))))
    assert.equal("250 2.0.0 Taken\r\n", (mailed(mail("", 96), { size = 100 })))
    local heard, told = mailed(mail("", 97), { size = 100 })
    assert.equal("552 5.3.4 The mail is too large\r\n", heard)
    assert.equal("ABORT", told[#told].command)
    local long = ("X: " .. ("y"):rep(95) .. "\r\n"):rep(10)
    assert.equal("250 2.0.0 Taken\r\n", (mailed(mail(long, 2), { header = 1010 })))
    assert.equal("552 5.3.4 The header of the mail is too large\r\n", (mailed(mail(long, 2), { header = 990 })))
    assert.equal("250 2.0.0 Taken\r\n", (mailed(mail(("Received: x\r\n"):rep(50), 2))))
    assert.equal("554 5.4.6 The mail came through too many servers: a loop\r\n",
      (mailed(mail(("Received: x\r\n"):rep(51), 2))))
    assert.equal("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.1.5 Ok\r\n452 4.5.3 Too many recipients\r\n",
      (said({ "MAIL FROM:<>\r\n" .. ("RCPT TO:<a@b.example>\r\n"):rep(3) }, { recipients = 2 })))
  end)

  it("reads a mail that it refuses to its end, and goes on", function()
    local heard = mailed(("x"):rep(900) .. "\r\n.\r\nNOOP\r\n", { size = 100 })
    assert.equal("552 5.3.4 The mail is too large\r\n250 2.0.0 Ok\r\n", heard)
  end)

  it("bounds errors and commands of no use", function()
    local heard = said({ ("XYZ\r\n"):rep(3), 20 }, { errors = 4 })
    assert.equal(("500 5.5.2 No such command\r\n"):rep(3), heard)
    heard = said({ ("XYZ\r\n"):rep(5), 20 }, { errors = 4 })
    assert.equal(("500 5.5.2 No such command\r\n"):rep(4) .. "421 4.7.0 Too many errors\r\n", heard)
    assert.equal(("250 2.0.0 Ok\r\n"):rep(3), (said({ ("NOOP\r\n"):rep(3) }, { junk = 3 })))
    assert.equal(("250 2.0.0 Ok\r\n"):rep(3) .. "421 4.7.0 Too many commands\r\n",
      (said({ ("NOOP\r\n"):rep(4) }, { junk = 3 })))
  end)

  it("is patient with its peer for so long only", function()
    assert.equal("250 2.0.0 Ok\r\n", (said({ 57, "NOOP\r\n" }, { commandTime = 60 })))
    assert.equal("421 4.4.2 Too slow\r\n", (said({ 61, "NOOP\r\n" }, { commandTime = 60 })))
    assert.equal("421 4.4.2 Too slow\r\n", (said({ "NO", 40, "O", 40, "P\r\n" }, { commandTime = 60 })))
    assert.equal("250 2.0.0 Ok\r\n250 2.0.0 Ok\r\n421 4.4.2 Too slow\r\n",
      (said({ 40, "NOOP\r\n", 40, "NOOP\r\n", 40 }, { commandTime = 60, session = 100 })))
    assert.equal("250 2.0.0 Taken\r\n", (mailed(("x"):rep(1000) .. "\r\n.\r\n", { rate = 100 })))
    local heard, told = said({ envelope[1], envelope[2], ("x"):rep(1000) .. "\r\n", 75, "." },
      { rate = 100, commandTime = 60 })
    assert.equal(opened .. "421 4.4.2 Too slow\r\n", heard)
    assert.equal("ABORT", told[#told].command)
    heard = said({ envelope[1], envelope[2], ("x"):rep(1000) .. "\r\n", 65, ".\r\n" }, { rate = 100, commandTime = 60 })
    assert.equal(opened .. "250 2.0.0 Taken\r\n", heard)
  end)

  it("refuses who talks too early", function()
    assert.equal("554 5.5.0 Await the greeting\r\n", (talk({ "EHLO x\r\n" }, { early = true })))
    assert.equal("554 5.5.0 Await the greeting\r\n", (talk({ 1, "EHLO x\r\n" }, { early = true, greetDelay = 6 })))
    assert.equal("220 mail.example\r\n503 5.5.0 Await each reply\r\n",
      (talk { "EHLO x\r\nMAIL FROM:<a@b.example>\r\n" }))
    assert.equal("220 mail.example\r\n503 5.5.0 Await each reply\r\n", (talk { "NOOP\r\nNOOP\r\n" }))
    local text = "Subject: x\r\n\r\n.\r\nQUIT\r\n"
    assert.equal("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n503 5.5.0 Await each reply\r\n",
      (said { envelope[1] .. envelope[2] .. text }))
    assert.equal(opened .. "250 2.0.0 Taken\r\n221 2.0.0 mail.example Bye\r\n",
      (said({ envelope[1] .. envelope[2] .. text }, { strict = false })))
  end)

  it("takes nothing in the clear for what came secured", function()
    local heard, told = said({ "STARTTLS\r\nMAIL FROM:<a@b.example>\r\n" }, { startTLS = true })
    assert.truthy(heard:find "250 STARTTLS\r\n503 5.5.0 Nothing may follow STARTTLS\r\n$", heard)
    assert.same({ "CONNECT", "EHLO" }, commands(told))
    -- and what comes behind, before TLS has begun, ends the session
    heard, told = said({ "STARTTLS\r\n", "MAIL FROM:<a@b.example>\r\n" }, { startTLS = true })
    assert.truthy(heard:find "220 2.0.0 Ready to start TLS\r\n", heard)
    assert.is_nil(heard:find("250 2.1.0", 1, true))
    assert.same({ "CONNECT", "EHLO" }, commands(told))
  end)

  it("lets nobody in whom its handler does not greet", function()
    assert.equal("554 5.7.1 Go away\r\n503 5.5.1 No service\r\n221 2.0.0 mail.example Bye\r\n",
      (talk({ "EHLO x\r\n", "QUIT\r\n" }, nil, { CONNECT = "554 5.7.1 Go away" })))
    assert.equal("421 4.3.2 Later\r\n", (talk({ "EHLO x\r\n" }, nil, { CONNECT = "421 4.3.2 Later" })))
  end)

  it("reads a header of the PROXY protocol", function()
    local v2 = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" .. "\xc0\0\2\1\xc0\0\2\2\x12\x34\0\x19"
    local v2six = "\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x24" .. "\x20\1\x0d\xb8" .. ("\0"):rep(11) .. "\1"
      .. "\x20\1\x0d\xb8" .. ("\0"):rep(11) .. "\2\x12\x34\0\x19"
    for header, peer in pairs { ["PROXY TCP4 192.0.2.1 192.0.2.2 4660 25\r\n"] = "192.0.2.1",
      ["PROXY TCP6 2001:db8::1 2001:db8::2 4660 25\r\n"] = "2001:db8::1", ["PROXY UNKNOWN\r\n"] = "10.0.0.1",
      ["PROXY UNKNOWN x y z\r\n"] = "10.0.0.1", [v2] = "192.0.2.1", [v2six] = "2001:db8::1",
      ["\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"] = "10.0.0.1" } do
      for at = 1, #header do
        local heard, told = talk({ header:sub(1, at), header:sub(at + 1), "NOOP\r\n" },
          { early = true, proxy = true, peer = "10.0.0.1" })
        assert.equal(peer, told[1].peer)
        assert.equal(peer ~= "10.0.0.1" and 4660 or 0, told[1].peerPort)
        assert.equal("220 mail.example\r\n250 2.0.0 Ok\r\n", heard)
      end
    end
    for _, header in ipairs { "EHLO x\r\n", "PROXY TCP4 192.0.2.1\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 70000\r\n",
      "PROXY TCP4 a b 1 2\r\n", "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n", "PROXY " .. ("x"):rep(200), "PROXY TCP4 1.2.3.4 "
      .. "1.2.3.4 1 2\n", "\r\n\r\n\0\r\nQUIT\n\x31\x11\0\x0c", "\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff",
      "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\1x", "GET / HTTP/1.1\r\n" } do
      local heard, told = talk({ header }, { early = true, proxy = true })
      assert.equal("", heard)
      assert.same({}, told)
    end
    assert.equal("554 5.5.0 Await the greeting\r\n",
      (talk({ "PROXY UNKNOWN\r\nEHLO x\r\n" }, { early = true, proxy = true })))
  end)

  it("tells its handler when the peer has gone, also while a reply is awaited", function()
    local _, told = said { envelope[1], envelope[2], "Subject: x\r\n" }
    assert.same({ "CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "Subject: x\r\n", "ABORT" }, commands(told))
    assert.equal("the peer has gone", told[#told].reason)
  end)

  it("says that nobody answers, when its handler has ended", function()
    local heard = {}
    kit.run(kam.Graphline {
      PEER = kam.main(function(self)
        for bytes in self:messages() do heard[#heard + 1] = tostring(bytes) end
      end),
      SMTP = kam.SMTPServerSession(), HANDLER = kam.main(function(self) self:recv() end),
      linkages = { "PEER -> SMTP -> PEER", "SMTP.request -> HANDLER", "HANDLER -> SMTP.reply" },
    })
    assert.equal("421 4.3.0 There is nobody to answer this\r\n", table.concat(heard))
  end)

  it("says no reply that would be several", function()
    for _, reply in ipairs { "hello", "250 a\r\n250 b", "25", "600 x", "250-x", "250 a\0b", "250 " .. ("x"):rep(70000) } do
      local _, _, text = talk({}, nil, { CONNECT = reply })
      kit.has(text, "E0681")
    end
  end)
end)

describe("SMTPServerSession with a handler that is made late", function()
  local greeting, hello = "220 mail.example", "250 mail.example\nPIPELINING\nSIZE 1000000"

  -- As talk above: what a peer hears, what makers were given, and what handlers were told.
  local function late(pieces, others, given)
    local heard, told, made = {}, {}, {}
    given = given or {}
    given.greeting, given.hello, given.peer, given.peerPort = greeting, hello, "192.0.2.1", 1234
    given.handler = given.handler or function(at)
      made[#made + 1] = at
      return handler(others or {}, told)
    end
    local _, _, text = kit.run(kam.Graphline {
      PEER = kam.main(function(self)
        for _, piece in ipairs(pieces) do
          if piece ~= "" then self:send(piece) end -- else it only listens
          local bytes = self:recv("inbox", 2)
          if bytes then heard[#heard + 1] = tostring(bytes) end
        end
        for bytes in function() return (self:recv("inbox", 2)) end do heard[#heard + 1] = tostring(bytes) end
      end),
      SMTP = kam.SMTPServerSession(given), linkages = { "PEER -> SMTP -> PEER" },
    })
    told.open = nil
    return table.concat(heard), made, told, text
  end
  local welcomed = "220 mail.example\r\n250-mail.example\r\n250-PIPELINING\r\n250 SIZE 1000000\r\n"

  it("answers the first requests by itself, and makes none for who sends no mail", function()
    local heard, made, _, text = late { "", "EHLO me.example\r\n", "NOOP\r\nRSET\r\n", "RCPT TO:<a@b.example>\r\n", "QUIT\r\n" }
    assert.equal(welcomed .. "250 2.0.0 Ok\r\n250 2.0.0 Ok\r\n503 5.5.1 Say MAIL first\r\n221 2.0.0 localhost Bye\r\n", heard)
    assert.same({}, made)
    assert.equal("", text)
    assert.equal("220 mail.example\r\n250 mail.example\r\n", (late { "", "HELO me.example\r\n" }))
    assert.equal("220 mail.example\r\n501 5.5.4 Syntax: EHLO name, or HELO name\r\n503 5.5.1 Say EHLO first\r\n",
      (late { "", "EHLO\r\n", "MAIL FROM:<a@b.example>\r\n" }))
  end)

  it("makes one for a mail, and tells it who is there", function()
    local heard, made, told, text = late { "", "HELO other.example\r\n", "EHLO me.example\r\n", envelope[1], envelope[2],
      "x\r\n.\r\n", "EHLO again.example\r\n", "MAIL FROM:<e@b.example>\r\n", "QUIT\r\n" }
    assert.equal("", text)
    assert.same({ { peer = "192.0.2.1", peerport = 1234, localip = "", localport = 0, name = "me.example", extended = true } },
      made)
    assert.same({ "MAIL", "RCPT", "DATA", "x\r\n", "END", "EHLO", "MAIL", "QUIT" }, commands(told))
    assert.truthy(heard:find("250 2.0.0 Taken\r\n250-mail.example\r\n250-PIPELINING\r\n250-8BITMIME", 1, true), heard)
    local _, others = late({ "", "HELO me.example\r\n", "MAIL FROM:<a@b.example>\r\n" }, nil, { secured = true })
    assert.same({ nil, true, "me.example" }, table.move({ others[1].extended, others[1].secured, others[1].name }, 1, 3, 1, {}))
  end)

  it("says that there is nobody, where none can be made", function()
    local heard, _, _, text = late({ "", "EHLO me.example\r\n", "MAIL FROM:<a@b.example>\r\n", "NOOP\r\n" }, nil,
      { handler = function() error "no" end })
    assert.equal(welcomed .. "421 4.3.0 There is nobody to answer this\r\n", heard)
    kit.has(text, "E0672")
    heard = late({ "", "EHLO me.example\r\n", "MAIL FROM:<a@b.example>\r\n" }, { MAIL = "421 4.3.2 Not now" })
    assert.equal(welcomed .. "421 4.3.2 Not now\r\n", heard)
  end)

  it("keeps the limits, and hangs up as before", function()
    local heard = late({ "", "EHLO me.example\r\n", ("x"):rep(600) .. "\r\n" })
    assert.equal(welcomed .. "500 5.5.2 The line is too long\r\n", heard)
    assert.equal(welcomed .. "421 4.4.2 Too slow\r\n", (late({ "", "EHLO me.example\r\n", "" }, nil, { commandTime = 1.0 })))
    heard = late { "MAIL FROM:<a@b.example>\r\n" }
    assert.equal("554 5.5.0 Await the greeting\r\n", heard)
  end)
end)
