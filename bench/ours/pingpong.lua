-- Two pass one number to and fro, counting up, until it is count (even).
local kam = require "kam"
local bench = require "bench"

local Ping = kam.component "Ping" {
  options = { upto = { type = "integer" } },
  main = function(self)
    local upto = self.upto
    self:send(1)
    for i in self:messages() do
      self.reached = i
      if i == upto then break end
      self:send(i + 1)
    end
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
