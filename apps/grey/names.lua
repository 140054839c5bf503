-- names: what a client is called: the name that its address leads to in the DNS, if that leads
-- back to the address. Anybody may give his addresses any name, but not the name his addresses.
local kam = require "kam"
local networks = require "networks"

local MOST = 4 -- names of an address that are tried

local names = {}

local function same(a, b)
  local x, y = networks.address(a), networks.address(b)
  return x and y and x.four == y.four and x[1] == y[1] and x[2] == y[2]
end

-- Is a client at ip to be asked for? The machine itself only where the servers are told.
function names.wanted(config, ip)
  return config.client_names and (#config.name_servers > 0 or not (ip:find "^127%." or ip == "::1"))
end

-- A name of the DNS in small letters, or nil: it is none that a host may have.
local function host(name)
  local text = name:lower():gsub("%.$", "")
  return text:find "^[%w_-][%w._-]*$" and text or nil
end

-- Looks one up, for a component with an inbox `over` in which nothing else has come: its name; or
-- nil, whether that may be had later, and why the DNS could not be asked at all.
function names.look_up(self, config, ip)
  local query = kam.DNSQuery { servers = config.name_servers, timeout = config.name_time }
  self:watch(query, "over") -- what fails there fails no talk
  self:addChildren(query)
  local ends, later = kam.now() + config.name_time, false
  local function ask(name, type)
    local left = ends - kam.now()
    local answer = left > 0 and self:ask(query, { name = name, type = type }, left)
    later = later or not answer or answer.error ~= nil and not answer.missing
    return answer and answer.records or {}
  end
  local found
  for i, text in ipairs(ask(ip, "PTR")) do
    local name = i <= MOST and not found and host(text)
    for _, address in ipairs(name and ask(name, ip:find ":" and "AAAA" or "A") or {}) do
      if same(address, ip) then found = name end
    end
  end
  query:stop()
  local over = self:dataReady "over" and self:recv "over"
  return found, not found and later or nil, over and over.error and tostring(over.error):match "^[^\n]*"
end

return names
