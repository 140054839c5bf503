-- A chat: what one says, all get. `telnet localhost 1500`, or more of them.
local kam = require "kam"

kam.ServerCore {
  port = 1500,
  protocol = function(conn)
    return kam.Pipeline {
      kam.LineSplit(),
      kam.map(function(line) return ("%s: %s"):format(conn.peer, line) end),
      kam.PublishTo "CHAT",
      kam.SubscribeTo { "CHAT", whenFull = "dropOldest" },
      kam.LineJoin(),
    }
  end,
}:run()
