-- IRCSession, by hand; and IRCClient, and the logger of the cookbook, on a server of
-- Debian's, ngircd.
local kam = require "kam"
local kit = require "spec.lua.kit"
local library = require "kam.library"
local pages = require "spec.docs.pages"
local place = require "spec.lua.place"

after_each(kit.settled)

-- Runs a session with what script(self, say) makes of it: a component that is its server, with
-- next() for the next line that comes; gives what was heard, and what was said meanwhile.
local function session(given, inputs, script)
  local heard = {}
  local client = kam.IRCSession(given)
  local feed = inputs and kam.DataSource(inputs) or kam.main(function(self) self:sleep(1e6) end)
  local server = kam.Pipeline { kam.IRCEncode(), kam.main(function(self)
    script(self, function()
      local line = self:recv("inbox", 1000)
      return line or "nothing"
    end)
  end), kam.IRCDecode() }
  client:follow(feed, server)
  local ok, _, text = kit.run(kam.Graphline { FEED = feed, IRC = client, SERVER = server, HEARD = kit.into(heard),
    linkages = { "FEED -> IRC -> HEARD", "IRC.server -> SERVER -> IRC.server" } })
  return heard, text, ok
end

local function welcome(self, next)
  assert.equal("NICK kam", next())
  assert.equal("USER kam 0 * Kamaelua", next())
  self:send ":server 001 kam :welcome"
end

describe("IRCSession", function()
  it("says who it is, joins, and says nothing before it is let in", function()
    local heard, text = session({ nick = "kam", user = "u", realName = "K K", password = "secret",
      channels = { "#a", "#b" }, quit = "bye all" }, { "hello" }, function(self, next)
      assert.equal("PASS secret", next())
      assert.equal("NICK kam", next())
      assert.equal("USER u 0 * :K K", next())
      self:send "PING :12 3"
      assert.equal("PONG :12 3", next())
      self:send ":server 001 kam :welcome"
      assert.equal("JOIN #a", next())
      assert.equal("JOIN #b", next())
      assert.equal("PRIVMSG #a hello", next())
      assert.equal("QUIT :bye all", next())
    end)
    assert.equal("", text)
    assert.equal("001", heard[1].type)
  end)

  it("takes another nick, and gives up when none is left", function()
    local _, text = session({ nick = "kam", others = { "kim" } }, nil, function(self, next)
      assert.equal("NICK kam", next())
      next()
      self:send ":server 433 * kam :in use"
      assert.equal("NICK kim", next())
      self:send ":server 432 * kim :not allowed"
      assert.equal("NICK kam_", next())
      for i = 2, 5 do
        self:send ":server 433 * kam :in use"
        assert.equal("NICK kam" .. ("_"):rep(i), next())
      end
      self:send ":server 433 * kam :in use"
    end)
    kit.has(text, "no nick is left, the last was kam_____: in use")
  end)

  it("fails when the server refuses it, or ends unasked", function()
    local _, text = session({ nick = "kam" }, nil, function(self)
      self:send "ERROR :no room"
      self:recv()
    end)
    kit.has(text, "the server refuses us: no room")
    _, text = session({ nick = "kam" }, { {type = "JOIN", to = "#a" } }, function(self, next)
      welcome(self, next)
      assert.equal("JOIN #a", next())
      self:send "ERROR :restarting"
      self:sleep(5)
    end)
    kit.lacks(text, "failed")
    local client = kam.IRCSession { nick = "kam" }
    local server = kam.DataSource { { command = "001", params = { "kam" } },
      { command = "ERROR", params = { "restarting" } } }
    client:follow(kam.main(function(self) self:sleep(50) end):activate(), server)
    local _, _, said = kit.run(kam.Graphline { IRC = client, SERVER = server, OUT = kam.NullSink(),
      linkages = { "IRC -> OUT", "SERVER -> IRC.server", "IRC.server -> null" } })
    kit.has(said, "the server has ended the connection: restarting")
  end)

  it("asks a silent server whether it is there, and gives up", function()
    local _, text = session({ nick = "kam", silence = 10 }, nil, function(self, next)
      welcome(self, next)
      assert.equal("PING kam", next())
      self:send "PONG kam"
      assert.equal("PING kam", next())
      self:sleep(1000)
    end)
    kit.has(text, "the server has not said a word for 20 seconds")
  end)

  it("gives up a server that does not let it in", function()
    local _, text = session({ nick = "kam", silence = 10 }, nil, function(self)
      for _ = 1, 100 do
        self:send "PING x"
        self:sleep(1)
      end
    end)
    kit.has(text, "the server has not let us in for 10 seconds")
  end)

  it("does not wait for ever for a server that does not let it go", function()
    local left
    local _, text = session({ nick = "kam" }, {}, function(self, next)
      welcome(self, next)
      assert.equal("QUIT", next())
      left = kam.now()
      for _ = 1, 1000 do
        self:send "PING x"
        if not self:sleep(1) then return end
      end
    end)
    assert.equal("", text)
    assert.truthy(kam.now() - left < 10)
  end)

  it("hears in one form", function()
    local heard = session({ nick = "kam" }, {}, function(self, next)
      welcome(self, next)
      for _, line in ipairs { ":a!b@c PRIVMSG #x :hi all", ":a!b@c PRIVMSG #x :\1ACTION waves\1",
        ":a!b@c PRIVMSG kam :\1VERSION\1", ":a!b@c NOTICE kam :note", ":a!b@c JOIN :#x", ":a!b@c PART #x :bye",
        ":a!b@c QUIT :gone", ":a!b@c KICK #x bad :out", ":a!b@c NICK d", ":a!b@c TOPIC #x :t", ":s 332 kam #x :t",
        ":a!b@c MODE #x +o d" } do self:send(line) end
      assert.equal("QUIT", next())
    end)
    local list = {}
    for i = 2, #heard do
      local h = heard[i]
      list[#list + 1] = ("%s %s %s %s %s"):format(h.type, h.from, h.to, h.text, h.who)
    end
    assert.same({ "PRIVMSG a #x hi all nil", "ACTION a #x waves nil", "CTCP a kam VERSION nil",
      "NOTICE a kam note nil", "JOIN a #x nil nil", "PART a #x bye nil", "QUIT a nil gone nil", "KICK a #x out bad",
      "NICK a d nil nil", "TOPIC a #x t nil", "332 s kam t nil", "MODE a #x d nil" }, list)
    assert.same({ "#x", "+o", "d" }, heard[#heard].params)
    assert.equal("a!b@c", heard[2].source)
  end)

  it("says texts as the lines that they need, and no command that is in them", function()
    local lines = {}
    local _, text = session({ nick = "kam", rate = 1000 }, {
      { to = "#x", text = "one\r\nQUIT\n\n\0two" }, { type = "ACTION", to = "#x", text = "waves" },
      { type = "notice", to = "a", text = ("word "):rep(100) }, { to = "a", text = ("ä"):rep(300) },
      { type = "MODE", params = { "#x", "+o", "a" } }, { type = "QUIT", params = { "so long" } },
    }, function(self, next)
      welcome(self, next)
      repeat lines[#lines + 1] = next() until lines[#lines]:find "^QUIT"
    end)
    assert.equal("", text)
    assert.same({ "PRIVMSG #x one", "PRIVMSG #x QUIT", "PRIVMSG #x two", "PRIVMSG #x :\1ACTION waves\1" },
      table.move(lines, 1, 4, 1, {}))
    assert.equal(("word "):rep(100), (lines[5] .. lines[6]):gsub("NOTICE a :", ""))
    assert.equal(("ä"):rep(300), ((lines[7] .. lines[8]):gsub("PRIVMSG a ", "")))
    for i = 5, 8 do assert.truthy(#lines[i] < 420 and utf8.len(lines[i])) end
    assert.equal("MODE #x +o a", lines[9])
    assert.equal("QUIT :so long", lines[10])
    assert.equal(10, #lines)
  end)

  it("says no more than servers allow, and answers PING meanwhile", function()
    local list = {}
    for i = 1, 20 do list[i] = { to = "#x", text = "n" .. i } end
    local times, pong = {}, nil
    session({ nick = "kam" }, list, function(self, next)
      welcome(self, next)
      local start = kam.now()
      for i = 1, 20 do
        if i == 10 then
          self:send "PING x"
          assert.equal("PONG x", next())
          pong = kam.now() - start
        end
        assert.equal("PRIVMSG #x n" .. i, next())
        times[i] = kam.now() - start
      end
      assert.equal("QUIT", next())
    end)
    assert.truthy(times[5] < 0.1 and times[6] > 1.9 and times[6] < 2.5, kam.show(times))
    assert.truthy(times[20] > 29 and times[20] < 31, kam.show(times))
    assert.truthy(pong < times[10] - 1, kam.show { pong, times[10] })
  end)

  it("refuses what is nothing to say", function()
    local _, text = session({ nick = "kam" }, { { to = "#x" } }, function(self, next)
      welcome(self, next)
      self:recv()
    end)
    kit.has(text, 'what is said is { to =, text = }, got { to = "#x" }')
  end)
end)

-- --- a real server ---

local there = os.execute "command -v ngircd >/dev/null 2>&1"

local configuration = [[
[Global]
Name = irc.example.org
Info = spec
Listen = 127.0.0.1
Ports = %d
ServerUID = nobody
ServerGID = nogroup
MotdPhrase = hello
[Limits]
MaxConnectionsIP = 0
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
]]

-- A port that is free.
local function free_port()
  local port
  kit.runs(kam.main(function(self)
    local server = self:addChildren(kam.TCPServer { kam.NullSink, port = 0, host = "127.0.0.1" })
    self:link({ server, "listening" }, { self, "inbox" })
    port = self:recv().port
    server:stop()
  end))
  return port
end

-- Runs talk(self, port, folder) beside an ngircd, which is stopped when that has ended.
local function with_ngircd(talk)
  local here <close>, port = place.new(), free_port()
  local ok, _, text = kit.run(kam.main(function(self)
    here:write("ngircd.conf", configuration:format(port))
    local server = kam.UnixProcess { "ngircd", "-n", "-f", here.folder .. "/ngircd.conf" }
    local said, log = self:addInbox "said", ""
    self:link({ server, "outbox" }, { self, said })
    self:addChildren(server)
    repeat log = log .. tostring(assert(self:recv(said))) until log:find "Now listening"
    self:link({ self, said }, self:addChildren(kam.NullSink()))
    talk(self, port, here)
    server:stop()
  end))
  return text, ok
end

describe("IRC, on ngircd,", function()
  it("carries what clients say to one another", function()
    if not there then pending "needs ngircd" return end
    local heard, logs = {}, nil
    local text = with_ngircd(function(self, port, here)
      local logger
      for _, block in ipairs(pages.blocks(pages.read(library.root .. "/docs/cookbook/irc.md"))) do
        if block.file == "logger.lua" then here:write("logger.lua", block.body) end
      end
      logger = kam.UnixProcess { "sh", "-c", ("cd '%s' && exec bin/kam logger.lua 127.0.0.1 %d scribe '#Lua' '#c'")
        :format(here.folder, port) }

      local function client(nick)
        local c = kam.IRCClient { kam.TCPClient { "127.0.0.1", port }, nick, channels = { "#lua" }, burst = 20 }
        local box, out = self:addInbox(nick), self:addOutbox(nick)
        self:link({ c, "outbox" }, { self, box })
        self:link({ self, out }, c)
        self:addChildren(c)
        return {
          say = function(what) self:send(what, out) end,
          hears = function(type, from)
            repeat
              local h = assert(self:recv(box), "it has ended")
              if h.type == type and h.from == from then
                heard[#heard + 1] = ("%s hears %s %s %s %s"):format(nick, h.type, h.from, h.to, h.text)
                return h
              end
            until false
          end,
          ended = function() while self:recv(box) do end end, -- until the outbox has ended
        }
      end

      local ann = client "ann"
      ann.hears("JOIN", "ann")
      self:addChildren(logger)
      ann.hears("JOIN", "scribe")
      local ben = client "ann" -- a nick that is in use
      assert.equal("ann_", ben.hears("001", "irc.example.org").to)
      ann.hears("JOIN", "ann_")
      ann.say "hello, all"
      ben.hears("PRIVMSG", "ann")
      ben.say { type = "ACTION", to = "#lua", text = "waves" }
      ann.hears("ACTION", "ann_")
      ben.say { to = "ann", text = "psst\r\nQUIT" }
      ann.hears("PRIVMSG", "ann_")
      ann.hears("PRIVMSG", "ann_")
      ben.say { type = "QUIT", params = { "bye" } }
      ben.ended()
      ann.hears("QUIT", "ann_")
      repeat
        self:sleep(0.02)
        local f = io.open(here.folder .. "/#lua.log")
        logs = f and f:read "a" or ""
        if f then f:close() end
      until logs:find "has left"
      ann.say { type = "QUIT" }
      ann.ended()
      logger:stop()
    end)
    assert.equal("", text)
    assert.same({ "ann hears JOIN ann #lua nil", "ann hears JOIN scribe #Lua nil",
      "ann hears 001 irc.example.org ann_ Welcome to the Internet Relay Network ann_!~kam@127.0.0.1",
      "ann hears JOIN ann_ #lua nil", "ann hears PRIVMSG ann #lua hello, all", "ann hears ACTION ann_ #lua waves",
      "ann hears PRIVMSG ann_ ann psst", "ann hears PRIVMSG ann_ ann QUIT", 'ann hears QUIT ann_ nil "bye"' }, heard)
    logs = logs:gsub("%[%d+%-%d%d%-%d%d %d%d:%d%d:%d%d%] ", "")
    assert.equal('*** ann_ has come\n<ann> hello, all\n* ann_ waves\n*** ann_ has left the network: "bye"\n',
      (logs:match "%*%*%* ann_ has come.*"))
  end)
end)
