-- rules: what is decided of an attempt by the configuration alone, and by the whitelist of the store.
local address = require "address"
local entries = require "entries"
local greylist = require "greylist"
local lists = require "lists"
local networks = require "networks"

local rules = {}

local Rules = {}
Rules.__index = Rules

-- The rules of a configuration, whose files are read now; or nil, and what is wrong with them.
function rules.compile(config)
  local found, problems = lists.new(config)
  if problems.errors > 0 then return nil, problems:text() end
  return setmetatable({ lists = found, config = config, added = {} }, Rules)
end

local function accept(reason, entry) return { action = "accept", reason = reason, entry = entry } end

-- A verdict that rests on nothing that is remembered, or nil.
function Rules:decide(msg)
  local known = self.lists
  local relay = known:relay(msg.client)
  if relay then return accept("client may relay", relay) end
  if not msg.policy then
    local ours, why = known:ours(msg.recipient)
    if not ours then
      return { action = "reject", reason = "not ours", detail = why, reply = "550 5.7.1 Relaying is denied" }
    end
  end
  local reason, entry = known:client(msg.client, msg.name)
  if not reason then reason, entry = known:sender(msg.sender) end
  if not reason then reason, entry = known:recipient(msg.recipient) end
  if not reason then reason, entry = known:triple(msg.client, msg.sender, msg.recipient, msg.helo) end
  if reason then return accept(reason, entry) end
end

-- By what an attempt is remembered.
function Rules:key(msg)
  local config = self.config
  local client = self.lists:pool(msg.client, msg.name)
    or networks.key(msg.client, config.ipv4_bits, config.ipv6_bits) or msg.client
  return { client = client, sender = greylist.sender(msg.sender, config.plain_senders),
    recipient = address.key(msg.recipient) }
end

-- --- what the command whitelist has added ---

local adders = { client = entries.clients, sender = entries.addresses, recipient = entries.addresses }

-- Takes over its rows, { kind =, pattern =, until = }.
function Rules:set_whitelist(rows)
  self.added = {}
  for _, row in ipairs(rows) do
    local set = adders[row.kind] and adders[row.kind]()
    if set and set:add(row.pattern) then
      table.insert(self.added, { kind = row.kind, set = set, ends = row["until"], pattern = row.pattern })
    end
  end
end

function Rules:whitelisted(msg, now)
  for _, row in ipairs(self.added) do
    if not row.ends or now < row.ends then
      local found
      if row.kind == "client" then found = row.set:find(msg.client, msg.name)
      else found = row.set:find(msg[row.kind]) end
      if found then return accept(row.kind .. " whitelisted by command", row.pattern) end
    end
  end
end

return rules
