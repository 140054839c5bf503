-- echo.lua PORT HANDLER: a TCP echo server; the handler is c, EchoProtocol, or lua, a
-- component of a user's.
local kam = require "kam"

local Echo = kam.component "Echo" {
  main = function(self)
    for bytes in self:messages() do self:send(bytes) end
  end,
}

local protocol = arg[2] == "c" and kam.EchoProtocol or Echo
kam.TCPServer { protocol, port = math.tointeger(arg[1]), host = "127.0.0.1" }:run()
