-- entries: sets of clients, and of mail addresses, of the entries of lists.

local address = require "address"
local networks = require "networks"
local patterns = require "patterns"

local entries = {}

-- --- names of hosts and domains ---

-- A set of names, in which a name is found, or a name above it. An entry ".example.org" is what is below it only.
local Names = {}
Names.__index = Names

function entries.names() return setmetatable({ whole = {}, below = {} }, Names) end

function Names:add(text, value)
  local below = text:match "^%.(.*)$"
  local name, why = address.domain(below or text)
  if not name then return nil, (why:gsub("^its domain", "it")) end
  self.below[name] = self.below[name] or value
  if not below then self.whole[name] = self.whole[name] or value end
  return true
end

function Names:find(name)
  local found = self.whole[name]
  while not found and name do
    name = name:match "^[^.]*%.(.*)$"
    found = name and self.below[name]
  end
  return found
end

-- --- clients ---

local Clients = {}
Clients.__index = Clients

-- An empty set of clients.
function entries.clients()
  return setmetatable({ nets = networks.set(), names = entries.names(), patterns = {} }, Clients)
end

-- Adds an entry: an address, a network, the beginning of an address, a name, a name and what
-- is below it, or a pattern. What is found is value, or else the entry. nil, why and perhaps a
-- mend if it cannot be read. What it is otherwise is told: "net" and the net, and what else
-- the beginning of an address might mean; "name"; "pattern".
function Clients:add(text, value)
  value = value or text
  local list, why = patterns.of(text)
  if why then return nil, ("the pattern %s cannot be read: %s"):format(text, why) end
  if list then
    self.patterns[#self.patterns + 1] = { list = list, value = value }
    return "pattern"
  end
  if text:find "[:/]" or text:find "^%d+%.%d+%.%d+%.%d+$" then
    local net, wrong, mend = networks.parse(text)
    if not net then return nil, wrong, mend end
    self.nets:add(net, value)
    return "net", net
  end
  if text:find "^[%d.]+$" then
    local net, also = networks.prefix(text)
    if not net then return nil, ("%q is neither an address nor the beginning of one"):format(text) end
    self.nets:add(net, value)
    return "net", net, also
  end
  local ok, wrong = self.names:add(text, value)
  if not ok then return nil, ("%q is no name of a host: %s"):format(text, wrong) end
  return "name"
end

-- What was added for a client's address, or for its name (nil if it has none that is sure).
function Clients:find(ip, name)
  local found = self.nets:find(ip)
  if found or not name then return found end
  name = name:lower():gsub("%.$", "")
  found = self.names:find(name)
  if found then return found end
  for _, pattern in ipairs(self.patterns) do
    if patterns.found(pattern.list, name) then return pattern.value end
  end
end

-- --- mail addresses ---

local Addresses = {}
Addresses.__index = Addresses

-- An empty set of mail addresses.
function entries.addresses()
  return setmetatable({ whole = {}, users = {}, names = entries.names(), patterns = {}, empty = true }, Addresses)
end

-- Adds an entry: user@domain, user@ (of any domain), @domain, domain (and what is below it),
-- .domain, or a pattern; < and > around it are left off. nil and why if it cannot be read.
function Addresses:add(text)
  self.empty = false
  local entry = text:match "^<(.*)>$" or text
  local list, why = patterns.of(entry)
  if why then return nil, ("the pattern %s cannot be read: %s"):format(text, why) end
  if list then
    self.patterns[#self.patterns + 1] = { list = list, value = text }
    return "pattern"
  end
  if entry == "" then
    self.whole[""] = text
    return "address"
  end
  local user = entry:match "^([^@]+)@$"
  if user then
    self.users[user:lower()] = text
    return "user"
  end
  if entry:find "@" and not entry:find "^@" then
    local parsed, wrong = address.parse(entry)
    if not parsed then return nil, ("%q is no mail address: %s"):format(text, wrong) end
    self.whole[parsed.text] = text
    return "address"
  end
  local only = entry:match "^@(.*)$"
  local name, wrong = address.domain((only or entry):gsub("^%.", ""))
  if not name then return nil, ("%q is no mail address, and no domain: %s"):format(text, wrong) end
  if only then self.names.whole[name] = self.names.whole[name] or text else self.names:add(entry, text) end
  return "name"
end

-- The entry for a mail address, or nil. What stands behind a "+" in a local part is left off
-- if that is not an entry itself.
function Addresses:find(text)
  if self.empty then return nil end
  local parsed = address.parse(text)
  if not parsed then return self.whole[text:lower()] end
  local user = parsed.localPart:lower()
  local short = user:match "^([^+]+)%+"
  local found = self.whole[parsed.text] or self.users[user]
    or short and (self.whole[short .. "@" .. (parsed.domain or "")] or self.users[short])
    or parsed.domain and self.names:find(parsed.domain)
  if found then return found end
  for _, pattern in ipairs(self.patterns) do
    if patterns.found(pattern.list, parsed.text) then return pattern.value end
  end
end

return entries
