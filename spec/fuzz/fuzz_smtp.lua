-- fuzz_smtp: whole sessions of SMTP. A server's side says and asks the same however its peer's
-- bytes are cut, and gives on no mail with a CR or LF alone, or a NUL. A client's side gives each
-- request one reply, whatever a server says.
local kam = require "kam"
local streams = require "spec.fuzz.streams"

local replies = { "250 2.0.0 Ok", "450 4.7.1 Later", "550 5.1.1 No", "250 Ok\nPIPELINING\n8BITMIME\nSMTPUTF8\nDSN\nSIZE 500" }

-- Answers as `choice` says, and notes what it was told as texts; a mail is one.
local function handler(choice, told)
  return kam.main(function(self)
    local n, mail = 0, nil
    for r in self:messages() do
      if type(r) ~= "table" then
        mail = (mail or "") .. tostring(r)
      else
        if mail and r.command ~= "ABORT" then told[#told + 1] = mail end -- how far a bad one came, depends on the cut
        mail = nil
        told[#told + 1] = ("%s %s %s %s"):format(r.command, r.from or r.to or r.name or r.reason or "", r.parameters or "",
          r.size or "")
        n = n + 1
        local reply = replies[(choice >> n % 6) % 4 + 1]
        if r.command == "CONNECT" then reply = "220 x" elseif r.command == "EHLO" or r.command == "HELO" then reply = replies[4]
        elseif r.command == "DATA" then reply = "354 go" end
        if r.command ~= "RSET" and r.command ~= "QUIT" and r.command ~= "ABORT" then self:send(reply) end
      end
    end
  end)
end

local function serve(pieces, choice)
  local told, said = {}, {}
  local out, failure = streams.play(kam.Graphline {
    SMTP = kam.SMTPServerSession { strict = false, proxy = choice % 8 == 7, startTLS = choice % 8 == 6, size = 300, header = 120,
      hops = 2, recipients = 2, errors = 100000, junk = 6, textLine = 60, bare = choice % 3 == 0 and "repair" or "refuse" },
    HANDLER = handler(choice, told),
    linkages = { "self -> SMTP -> self", "SMTP.request -> HANDLER", "HANDLER -> SMTP.reply" },
  }, pieces)
  assert(not failure, failure)
  for i, m in ipairs(out) do said[i] = type(m) == "table" and "{startTLS}" or tostring(m) end
  return table.concat(said), told
end

local function check(said, told)
  for line in said:gsub("{startTLS}", ""):gmatch "[^\n]*\n" do
    assert(line:find "^[2-5]%d%d[- ][^\r%z]*\r\n$", "a reply is a line with a code: " .. kam.show(line))
  end
  for _, text in ipairs(told) do
    if text:find "\r\n" then
      local rest = text:gsub("\r\n", "")
      assert(not rest:find "[\r\n%z]", "a mail has no CR or LF alone, and no NUL: " .. kam.show(text))
    end
  end
end

local function server_side(input, choice)
  local said, told = serve({ input.bytes }, choice)
  check(said, told)
  local cut_said, cut_told = serve(input.pieces, choice)
  assert(said == cut_said and streams.same(told, cut_told), ("any cut is the same:\n%s\n%s\n%s\n%s"):format(kam.show(said),
    kam.show(cut_said), kam.show(told), kam.show(cut_told)))
end

local requests = { { command = "CONNECT" }, { command = "EHLO", name = "x" }, { command = "MAIL", from = "a@b" },
  { command = "RCPT", to = "c@d" }, { command = "DATA" }, { command = "END" }, { command = "NOOP" }, { command = "QUIT" } }

-- A server that says the pieces, one for each thing that it hears, however little sense it makes.
local function client_side(input, choice)
  local owed, got = 0, 0
  local _, failure = streams.play(kam.Graphline {
    ASK = kam.main(function(self)
      for _, r in ipairs(requests) do
        local reply
        if r.command ~= "END" or self.mail then
          if r.command == "END" then self:send "text\r\n.\r\n" end
          owed = owed + 1
          self:send(r)
          reply = self:recv()
          assert(reply, r.command .. " has no reply")
          got = got + 1
          reply = tostring(reply)
          assert(reply:find "^[2-5]%d%d" and not reply:find "[\r%z]", "not a reply: " .. kam.show(reply))
          self.mail = r.command == "DATA" and reply:find "^354"
        end
      end
    end),
    SMTP = kam.SMTPClientSession { timeout = 0.02, verdict = 0.02, stall = 0.02 },
    SERVER = kam.main(function(self)
      for i, piece in ipairs(input.pieces) do
        if choice % 2 == 0 and i > 1 and not self:recv("inbox", 0.002) then break end
        self:send(piece)
      end
      if choice % 3 == 0 then
        for _ in self:messages() do self:send "250 Ok\r\n" end
      end
    end),
    linkages = { "ASK -> SMTP.request", "SMTP.reply -> ASK", "SMTP -> SERVER -> SMTP" },
  }, {})
  assert(not failure, failure)
  assert(owed == got, "each request has one reply")
end

return function(input)
  if input.choice % 3 < 2 then server_side(input, input.choice // 3) else client_side(input, input.choice // 3) end
end
