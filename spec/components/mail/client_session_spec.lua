-- SMTPClientSession: how requests are said, and what becomes of them when the server answers,
-- answers too early, says what cannot be read, or is gone.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- A server of a script: for each line that comes, and once before all (nil), it says what
-- script gives; false closes the connection. Within a mail, lines are its text.
local function server(script, heard)
  return kam.main(function(self)
    local rest, mail = "", false
    local function answer(line)
      local reply = script(line)
      mail = type(reply) == "string" and reply:find "^354" ~= nil or mail and line ~= "."
      if reply then self:send(reply) end
      return reply ~= false
    end
    if not answer(nil) then return end
    for bytes in self:messages() do
      rest = rest .. tostring(bytes)
      while rest:find "\r\n" do
        local line
        line, rest = rest:match "^(.-)\r\n(.*)$"
        heard[#heard + 1] = line
        if (not mail or line == ".") and not answer(line) then return end
      end
    end
  end)
end

-- The replies to requests, asked one after the other; what the server heard; and what was said.
-- A request { ahead = true, … } is followed by the next before it is answered.
local function talk(requests, script, given)
  local replies, heard = {}, {}
  local _, _, text = kit.run(kam.Graphline {
    ASK = kam.main(function(self)
      local owed = 0
      local function collect()
        for _ = 1, owed do
          local reply = self:recv()
          if not reply then break end
          replies[#replies + 1] = tostring(reply)
        end
        owed = 0
      end
      for _, r in ipairs(requests) do
        local ahead = type(r) == "string" or r.ahead
        self:send(r)
        if type(r) == "table" and r.command ~= "RSET" and r.command ~= "ABORT" then owed = owed + 1 end
        if not ahead then collect() end
      end
      collect()
    end),
    SMTP = kam.SMTPClientSession(given or {}),
    SERVER = server(script, heard),
    linkages = { "ASK -> SMTP.request", "SMTP.reply -> ASK", "SMTP -> SERVER", "SERVER -> SMTP" },
  })
  return replies, heard, text
end

local usual = { [""] = "220 mail.example\r\n", EHLO = "250-mail.example\r\n250-PIPELINING\r\n250 SIZE 100\r\n",
  MAIL = "250 2.1.0 Ok\r\n", RCPT = "250 2.1.5 Ok\r\n", DATA = "354 Go on\r\n", ["."] = "250 2.0.0 Taken\r\n",
  RSET = "250 Ok\r\n", QUIT = "221 Bye\r\n" }

-- Answers as usual, but for some words.
local function but(others)
  return function(line)
    local word = line and line:match "^[^ ]*" or ""
    if others[word] ~= nil then return others[word] end
    return usual[word] or "500 What?\r\n"
  end
end

local begin = { { command = "CONNECT" }, { command = "EHLO", name = "me.example" } }
local mail = { { command = "MAIL", from = "a@b.example", parameters = "SIZE=9" }, { command = "RCPT", to = "c@d.example" },
  { command = "DATA" }, "Subject: x\r\n\r\n.", "dot\r\n..\r\nend", { command = "END" } }

local function joined(...)
  local list = {}
  for _, part in ipairs { ... } do table.move(part, 1, #part, #list + 1, list) end
  return list
end

describe("SMTPClientSession", function()
  it("says requests in their order, and gives each its reply", function()
    local replies, heard = talk(joined(begin, mail, { { command = "XYZ", parameters = "a b" }, { command = "QUIT" } }),
      but {})
    assert.same({ "220 mail.example", "250 mail.example\nPIPELINING\nSIZE 100", "250 2.1.0 Ok", "250 2.1.5 Ok",
      "354 Go on", "250 2.0.0 Taken", "500 What?", "221 Bye" }, replies)
    assert.same({ "EHLO me.example", "MAIL FROM:<a@b.example> SIZE=9", "RCPT TO:<c@d.example>", "DATA", "Subject: x",
      "", "..dot", "...", "end", ".", "XYZ a b", "QUIT" }, heard)
  end)

  it("ends a mail at its end only, however its text is cut", function()
    local text = "Subject: x\r\n\r\n.\r\n..\r\n.a\r\n.\r\nRCPT TO:<e@f.example>\r\n"
    local lines = { "EHLO me.example", "MAIL FROM:<a@b.example> SIZE=9", "RCPT TO:<c@d.example>", "DATA", "Subject: x",
      "", "..", "...", "..a", "..", "RCPT TO:<e@f.example>", ".", "QUIT" }
    local function says(pieces)
      local _, heard = talk(joined(begin, { mail[1], mail[2], mail[3] }, pieces, { { command = "END" },
        { command = "QUIT" } }), but {})
      assert.same(lines, heard, kam.show(pieces))
    end
    for i = 1, #text - 1 do
      says { text:sub(1, i), text:sub(i + 1) }
      for j = i + 1, math.min(i + 4, #text - 1) do says { text:sub(1, i), text:sub(i + 1, j), text:sub(j + 1) } end
    end
    local bytes = {}
    for i = 1, #text do bytes[i] = text:sub(i, i) end
    says(bytes)
  end)

  it("swallows the reply to RSET", function()
    local replies = talk(joined(begin, { { command = "RSET" }, { command = "NOOP" } }), but { NOOP = "250 Here\r\n" })
    assert.same({ usual[""]:sub(1, -3), "250 mail.example\nPIPELINING\nSIZE 100", "250 Here" }, replies)
  end)

  it("says no more than one request before its reply, unless the server takes more", function()
    for _, offer in ipairs { "PIPELINING", "SIZE" } do
      local most, open = 0, 0
      local script = but { EHLO = "250-x\r\n250 " .. offer .. "\r\n" }
      local ahead = {}
      for i = 1, 10 do ahead[i] = { command = "RCPT", to = ("u%d@d.example"):format(i), ahead = true } end
      local replies, heard = talk(joined(begin, { mail[1] }, ahead), function(line)
        -- the answer to a recipient is held back until the last one is there, if it may be
        if line and line:find "^RCPT" then
          open = open + 1
          most = math.max(most, open)
          if offer == "PIPELINING" and open < 10 then return "" end
          local all = ("250 Ok\r\n"):rep(open)
          open = 0
          return all
        end
        return script(line)
      end)
      assert.equal(offer == "PIPELINING" and 10 or 1, most)
      assert.equal(13, #replies)
      assert.equal(12, #heard)
    end
  end)

  it("never says that a mail was taken which was not", function()
    local late = "Subject: x\r\n\r\n"
    for name, case in pairs {
      ["closed at the end"] = { but { ["."] = false }, "451 4.4.2 The server has closed the connection" },
      ["closed at DATA"] = { but { DATA = false }, "451 4.4.2 The server has closed the connection" },
      ["before its end"] = { but { DATA = "354 Go on\r\n250 Taken\r\n" },
        "451 4.5.0 The server has answered before the end of the mail" },
      ["refused before its end"] = { but { DATA = "354 Go on\r\n552 5.3.4 Too large\r\n" }, "552 5.3.4 Too large" },
      ["no reply"] = { but { ["."] = "hello\r\n" }, "451 4.5.0 The server's reply cannot be read" },
      ["LF alone"] = { but { ["."] = "250 Taken\n" }, "451 4.5.0 The server's reply cannot be read" },
      ["two codes"] = { but { ["."] = "250-Taken\r\n550 Not\r\n" }, "451 4.5.0 The server's reply cannot be read" },
      ["101 lines"] = { but { ["."] = ("250-Taken\r\n"):rep(101) .. "250 Taken\r\n" },
        "451 4.5.0 The server's reply cannot be read" },
      ["64 KB"] = { but { ["."] = "250 " .. ("x"):rep(70000) .. "\r\n" },
        "451 4.5.0 The server's reply cannot be read" },
      ["a code of four digits"] = { but { ["."] = "2500\r\n" }, "451 4.5.0 The server's reply cannot be read" },
      ["closing"] = { but { ["."] = "421 4.3.2 Bye\r\n" }, "421 4.3.2 Bye" },
    } do
      local replies = talk(joined(begin, { mail[1], mail[2], mail[3], late, { command = "END" }, { command = "QUIT" } }),
        case[1])
      assert.equal(case[2], replies[6] or replies[#replies], name)
      for i = 6, #replies do assert.is_nil(replies[i]:find "^250", name) end
    end
  end)

  it("takes 100 lines, and 60 KB", function()
    local replies = talk(joined(begin, mail), but { ["."] = ("250-Taken\r\n"):rep(99) .. "250 Taken\r\n" })
    assert.equal("250 " .. ("Taken\n"):rep(99) .. "Taken", replies[6])
    replies = talk(joined(begin, mail), but { ["."] = "250 " .. ("x"):rep(60000) .. "\r\n" })
    assert.equal(60004, #replies[6])
  end)

  it("ends no mail that is given up", function()
    local replies, heard = talk(joined(begin, { mail[1], mail[2], mail[3], mail[4], { command = "ABORT" },
      { command = "NOOP" } }), but {})
    assert.equal("451 4.4.2 The connection was given up within a mail", replies[6])
    for _, line in ipairs(heard) do assert.not_equal(".", line) end
  end)

  it("waits no longer than it is to", function()
    local replies = talk(joined(begin, mail), but { ["."] = "" }, { verdict = 600 })
    assert.equal("451 4.4.2 The server was silent for too long", replies[6])
    replies = talk(begin, but { EHLO = "" }, { timeout = 300 })
    assert.same({ "220 mail.example", "451 4.4.2 The server was silent for too long" }, replies)
  end)

  it("takes nothing in the clear for what came secured", function()
    for _, said in ipairs { "220 Go\r\n250 sneaked in\r\n", "220 Go\r\n250" } do
      local replies = talk(joined(begin, { { command = "STARTTLS" }, { command = "EHLO", name = "x" } }),
        but { STARTTLS = said })
      for i = 3, 4 do
        assert.equal("451 4.7.0 The server has sent more than its reply to STARTTLS", replies[i])
      end
    end
  end)

  it("sends its preamble first", function()
    local _, heard = talk(begin, but {}, { preamble = "PROXY UNKNOWN\r\n" })
    assert.equal("PROXY UNKNOWN", heard[1])
  end)

  it("refuses what would say something else", function()
    for _, request in ipairs { { command = "MAIL", from = "a@b> SIZE=1" }, { command = "RCPT", to = "a\r\nDATA" },
      { command = "EHLO", name = "a b" }, { command = "NOOP\r\nQUIT" }, { command = "RCPT", to = "" },
      { command = "X", parameters = "a\0" }, {}, { command = "END" } } do
      local _, _, said = talk(joined(begin, { request }), but {})
      kit.has(said, "E0684")
    end
  end)
end)
