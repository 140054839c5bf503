local kam = require "kam"

return kam.component "IRCClient" {
  summary = "Is on an IRC network: hears what is said in channels, and says things.",
  doc = "`peer` is a component that carries bytes to the server and back, such as a TCPClient. What it hears "
    .. "and is to say are messages { type =, from =, to =, text = }, as IRCSession has them; so are "
    .. "the options. What the server sends that is no message is told of and dropped.",
  ends = "When its inbox has ended it quits, and ends when the server has.",
  effects = true,
  inboxes = { inbox = "what to say: texts, { to =, text =, type = }, { type =, params = }" },
  outboxes = { outbox = { "what is heard: { type =, from =, to =, text =, params = }", kind = "table",
    optional = true } },
  options = {
    peer = { type = "component", "what carries bytes to the server and back" },
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
  first = { "peer", "nick" },
  init = function(self)
    local session = kam.IRCSession { nick = self.nick, others = self.others, channels = self.channels,
      user = self.user, realName = self.realName, password = self.password, silence = self.silence,
      quit = self.quit, rate = self.rate, burst = self.burst }
    local feed, read = kam.PassThrough(), kam.IRCDecode()
    self:addChildren(kam.Graphline {
      FEED = feed, SESSION = session, PEER = self.peer, READ = read,
      LINES = kam.LineSplit { crlf = true, limit = 8191 + 512 },
      WRONG = kam.main(function(log)
        for wrong in log:messages() do log:log(("%s: %s"):format(wrong.error, kam.show(wrong.text))) end
      end),
      WRITE = kam.IRCEncode(),
      JOIN = kam.LineJoin "\r\n",
      linkages = { "FEED -> SESSION", "SESSION.server -> WRITE -> JOIN -> PEER -> LINES -> READ",
        "READ -> SESSION.server", "LINES.error, READ.error -> WRONG" },
    })
    session:follow(feed, read)
    self:link({ self, "inbox" }, feed)
    self:link({ session, "outbox" }, { self, "outbox" })
  end,
  example = [[
-- A server that knows one guest; for a real one: kam.TCPClient { "irc.libera.chat", 6667 }
local server = kam.Pipeline { kam.LineSplit { crlf = true }, kam.IRCDecode(), kam.main(function(self)
  for msg in self:messages() do
    if msg.command == "USER" then self:send { command = "001", params = { "kam", "welcome" } } end
    if msg.command == "QUIT" then return end
    if msg.command == "PRIVMSG" then
      self:send { command = "PRIVMSG", source = "ann!a@example.org", params = { "#lua", "hello, kam" } }
    end
  end
end), kam.IRCEncode(), kam.LineJoin "\r\n" }

kam.Pipeline {
  kam.OneShot "hello",
  kam.IRCClient { server, "kam", channels = { "#lua" } },
  kam.filter(function(heard) return heard.type == "PRIVMSG" end),
  kam.map(function(heard) return ("%s to %s: %s"):format(heard.from, heard.to, heard.text) end),
  kam.ConsoleEchoer(),
}:run()
--> ann to #lua: hello, kam
]],
}
