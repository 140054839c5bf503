-- broadcast.lua PORT: what one peer says goes to all, over WebSockets.
local kam = require "kam"

local function chat()
  return kam.Pipeline { kam.PublishTo "CHAT", kam.SubscribeTo "CHAT" }
end

kam.HTTPServer { port = math.tointeger(arg[1]), host = "127.0.0.1",
  function(request) return kam.WebSocket { request, chat } end }:run()
