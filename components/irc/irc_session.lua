local kam = require "kam"

local LINGER = 3 -- seconds, which a server has to end after QUIT
local LONG = 380 -- bytes of a text: what a server puts before it has room in a line

-- A text as lines that fit: cut at its own ends of lines, and, where it is long, at a
-- space or between two characters.
local function lines_of(text)
  local lines = {}
  for line in text:gsub("%z", ""):gmatch "[^\r\n]+" do
    while #line > LONG do
      local to = line:sub(1, LONG):match "^.*() " or 0
      if to < LONG // 2 then
        to = LONG
        while to > LONG - 4 and line:byte(to + 1) & 0xC0 == 0x80 do to = to - 1 end
      end
      lines[#lines + 1] = line:sub(1, to)
      line = line:sub(to + 1)
    end
    lines[#lines + 1] = line
  end
  return lines
end

-- What a message of the server's is, for who listens.
local function heard(msg)
  local params = msg.params
  local text = msg.command == "QUIT" and params[1] or #params > 1 and params[#params] or nil
  local told = { type = msg.command, from = msg.nick, to = msg.command ~= "QUIT" and params[1] or nil, text = text,
    source = msg.source, params = params, tags = msg.tags }
  if msg.command == "KICK" then told.who = params[2] end
  local ctcp = (msg.command == "PRIVMSG" or msg.command == "NOTICE") and text and text:match "^\1([^\1]*)\1?$"
  if ctcp then
    local action = ctcp:match "^ACTION ?(.*)$"
    told.type, told.text = action and "ACTION" or "CTCP", action or ctcp
  end
  return told
end

return kam.component "IRCSession" {
  summary = "Is on an IRC network: its part of the talk with a server, as messages.",
  doc = "It says who it is, takes another nick if its own is in use (the `others`, then with _ behind it), joins "
    .. "the channels, and answers PING. What it hears is { type =, from =, to =, text = }: type is PRIVMSG, "
    .. "NOTICE, ACTION, CTCP, JOIN, PART, QUIT, KICK (of who =), NICK, TOPIC, MODE, or the three digits of a "
    .. "reply; params has all parameters. What it is to say is { type =, to =, text = } of PRIVMSG (also if "
    .. "there is no type), NOTICE or ACTION; { type =, params = } of any other command; or a text for its first "
    .. "channel. Texts are sent as many lines as they need. After `silence` seconds without a word it asks the "
    .. "server whether it is there. It sends no faster "
    .. "than servers allow: `burst` messages at once, then `rate` a second; only who it is, and the answers to "
    .. "PING, do not wait. A server that refuses it, is silent, or ends the connection unasked, fails "
    .. "the component.",
  ends = "When nothing more is to be said it quits, and ends when the server has, or 3 seconds later.",
  inboxes = {
    inbox = "what to say: texts, { to =, text =, type = }, { type =, params = }",
    server = { "messages of the server, as IRCDecode gives them", kind = "table" },
    done = { "that no more is to be said", open = true },
    over = { "that the server has ended", open = true },
  },
  outboxes = {
    outbox = { "what is heard: { type =, from =, to =, text =, params = }", kind = "table", optional = true },
    server = { "messages for the server, for IRCEncode", kind = "table" },
  },
  options = {
    nick = { type = "string", "the name to have" },
    others = { {}, "names to have if that one is in use", type = "strings" },
    channels = { {}, "channels to join", type = "strings" },
    user = { "kam", "the name of the user" },
    realName = { "Kamaelua", "the name in full" },
    password = { "", "a password of the server's" },
    silence = { 240.0, "seconds without a word until it asks, and until it gives up", min = 0.1 },
    quit = { "", "the last words" },
    rate = { 0.5, "messages a second, as servers allow", min = 0.01 },
    burst = { 5, "messages at once after a pause", min = 1 },
  },
  init = function(self)
    self.tries, self.registered, self.quitting, self.asked = 0, false, false, false
    self.me, self.more, self.there = self.nick, true, true
    self.queue, self.timer, self.last = {}, 0, kam.now() -- messages that wait; when the last was heard
  end,
  -- It quits when the component that feeds it has ended; and ends when the one has that
  -- gives it what the server sends.
  follow = function(self, feed, server)
    self.feed = feed
    self:watch(feed, "done")
    self:watch(server, "over")
  end,
  tell = function(self, command, ...)
    self:send({ command = command, params = { ... } }, "server")
  end,
  later = function(self, command, ...)
    self.queue[#self.queue + 1] = { command = command, params = { ... } }
  end,
  -- Sends what servers allow of that which waits: each message moves a timer on, which may
  -- be so far ahead (RFC 1459, section 8.10). Gives the seconds until the next may go.
  flow = function(self)
    local step, now = 1 / self.rate, kam.now()
    self.timer = math.max(self.timer, now)
    while #self.queue > 0 and not self.till do
      local wait = self.timer - now - step * (self.burst - 1)
      if wait > 0 then return wait end
      self.timer = self.timer + step
      local msg = table.remove(self.queue, 1)
      self:send(msg, "server")
      if msg.command == "QUIT" then
        self.quitting, self.till = true, now + LINGER
      end
    end
  end,
  leave = function(self)
    if not self.quitting then self:later("QUIT", self.quit ~= "" and self.quit or nil) end
    self.more, self.quitting = false, true
  end,
  -- The nick is in use, or not allowed: the next one.
  another = function(self, msg)
    local n = #self.others
    self.bad = self.bad or msg.command == "432" and self.tries == 0 -- so it is with _ behind it
    self.tries = self.tries + 1
    if self.tries > n + 5 or self.bad and self.tries > n then
      error(("no nick is left, the last was %s: %s"):format(self.me, tostring(msg.params[#msg.params])), 0)
    end
    self.me = self.others[self.tries] or self.nick .. ("_"):rep(self.tries - n)
    self:tell("NICK", self.me)
  end,
  -- What the server answers until it has let us in.
  register = function(self, msg)
    local command = msg.command
    if command == "001" then
      self.registered, self.me = true, msg.params[1] or self.me
      for _, channel in ipairs(self.channels) do self:tell("JOIN", channel) end
    elseif command == "433" or command == "436" or command == "437" or command == "432" then
      self:another(msg)
    elseif command == "ERROR" or command == "464" or command == "465" or command == "463" then
      error("the server refuses us: " .. tostring(msg.params[#msg.params]), 0)
    end
  end,
  hear = function(self, msg)
    local command = msg.command
    self.asked, self.last = false, kam.now()
    if command == "PING" then return self:tell("PONG", table.unpack(msg.params)) end
    if command == "PONG" then return end
    if not self.registered then self:register(msg) end
    if command == "NICK" and msg.nick == self.me then self.me = msg.params[1] end
    if command == "ERROR" then self.last_words = msg.params[#msg.params] end
    self:send(heard(msg))
  end,
  say = function(self, what)
    if type(what) ~= "table" then what = { to = self.channels[1], text = tostring(what) } end
    local command = (what.type or "PRIVMSG"):upper()
    if command ~= "PRIVMSG" and command ~= "NOTICE" and command ~= "ACTION" then
      local params = what.params or { what.to, what.text }
      self:later(command, table.unpack(params))
      return
    end
    if type(what.to) ~= "string" or type(what.text) ~= "string" then
      error("what is said is { to =, text = }, got " .. kam.show(what), 0)
    end
    local form = command == "ACTION" and "\1ACTION %s\1" or "%s"
    for _, line in ipairs(lines_of(what.text)) do
      self:later(command == "NOTICE" and command or "PRIVMSG", what.to, (form:format(line)))
    end
  end,
  -- The server has not said a word.
  silent = function(self)
    if self.asked then
      error(("the server has not said a word for %g seconds"):format(2 * self.silence), 0)
    end
    self.asked, self.last = true, kam.now()
    self:tell("PING", self.me)
  end,
  -- Those of some inboxes in which something may come: without somebody to follow, no end.
  boxesOf = function(self, ...)
    local list = {}
    for _, name in ipairs { ... } do
      if self.feed or name ~= "over" and name ~= "done" then list[#list + 1] = name end
    end
    return list
  end,
  -- The next thing that is to be looked at: a box and a message; or nothing, and why.
  next = function(self)
    local wait = (self.registered or self.quitting) and self:flow() or nil
    local quiet = self.last + self.silence - kam.now()
    if self.till then return self:recvAny(self:boxesOf("server", "over"), math.max(self.till - kam.now(), 0)) end
    if not self.registered and kam.now() - self.begun > self.silence then
      error(("the server has not let us in for %g seconds"):format(self.silence), 0)
    end
    if quiet <= 0 then
      self:silent()
      quiet = self.silence
    end
    local all = self.registered and self.more and #self.queue == 0
    return self:recvAny(all and self:boxesOf("server", "over", "inbox", "done")
      or self:boxesOf("server", "over", "done"), math.min(quiet, wait or quiet))
  end,
  begin = function(self)
    self.begun = kam.now()
    if self.password ~= "" then self:tell("PASS", self.password) end
    self:tell("NICK", self.nick)
    self:tell("USER", self.user, "0", "*", self.realName)
  end,
  main = function(self)
    self:begin()
    while self.there do
      if self.finished and not self:dataReady "inbox" then self:leave() end
      local box, msg = self:next()
      if box == "server" then
        self:hear(msg)
      elseif box == "inbox" then
        self:say(msg)
      elseif box then
        if not msg.ok then error(msg.error, 0) end
        if box == "over" then self.there = false end
        self.finished = self.finished or box == "done" or self:dataReady "done" ~= false
      elseif self.till and kam.now() >= self.till then
        self.there = false
      elseif msg ~= "timeout" then
        if self.quitting and #self.queue == 0 or self:told() == "shutdownMicroprocess" then return end
        self:leave()
        self:sleep(self:flow() or 0)
      end
    end
    if not self.quitting and not self.finished then
      error("the server has ended the connection" .. (self.last_words and ": " .. self.last_words or ""), 0)
    end
    if self.feed then self.feed:stop() end
  end,
  example = [[
kam.Graphline {
  SERVER = kam.DataSource {
    { command = "433", params = { "*", "kam", "Nickname is already in use" } },
    { command = "001", params = { "kam_", "Welcome" } },
    { command = "PING", params = { "12" } },
  },
  IRC = kam.IRCSession { nick = "kam", channels = { "#lua" }, quit = "bye" },
  WRITE = kam.IRCEncode(),
  SHOW = kam.ConsoleEchoer(),
  linkages = { "SERVER -> IRC.server", "IRC.server -> WRITE -> SHOW" },
}:run()
--> NICK kam
--> USER kam 0 * Kamaelua
--> NICK kam_
--> JOIN #lua
--> PONG 12
--> QUIT bye
]],
}
