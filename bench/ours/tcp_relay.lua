-- tcp_relay.lua PORT: a TCP relay: what a peer sends goes to PORT + 1, and back.
local kam = require "kam"

local port = math.tointeger(arg[1])
kam.TCPServer { function() return kam.TCPClient { "127.0.0.1", port + 1 } end, port = port,
  host = "127.0.0.1", halfOpen = true }:run()
