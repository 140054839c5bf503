-- Two pass one number to and fro, counting up, until it is count (even).
local kam = require "kam"
local bench = require "bench"

local Ping = kam.component "Ping" {
  options = { upto = { type = "integer" } },
  main = function(self)
    local i = 0
    while i < self.upto do
      self:send(i + 1)
      i = self:recv()
    end
    self.reached = i
  end,
}

local Pong = kam.component "Pong" {
  main = function(self)
    for i in self:messages() do self:send(i + 1) end
  end,
}

local function rally(n)
  local ping = Ping { upto = n }
  kam.Graphline { PING = ping, PONG = Pong(), linkages = { "PING -> PONG", "PONG -> PING" } }:run()
  return ping.reached
end

local count = tonumber(arg[2])
rally(count // 10 * 2)
bench.measure(count, function() return rally(count) == count end)
