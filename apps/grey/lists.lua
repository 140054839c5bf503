-- lists: who may relay, what is ours, and what is not delayed, of a configuration and the
-- files that it names.
--
-- A file has an entry a line; a "#" and what is behind it are not read. A word may say what it
-- is of, else it is of what the key that names the file is for:
--
--     client .example.org          sender news@example.org          recipient abuse@
--
-- and "pool NAME" begins a list, indented, of clients that are one: what was begun by one of
-- them is gone on with by another.

local address = require "address"
local entries = require "entries"
local networks = require "networks"
local problems = require "problems"

local lists = {}

local MOST = 16 << 20 -- bytes of a file of a list

local Lists = {}
Lists.__index = Lists

-- --- what is asked ---

-- May a client send to any address? The entry that says so, or nil.
function Lists:relay(ip)
  return self.relays:find(ip)
end

-- Is a recipient one of ours, that is: in allowed_domains? true; or false and why not.
function Lists:ours(recipient)
  local parsed, why = address.parse(recipient)
  if not parsed then return false, why end
  local routed = address.routed(parsed)
  if routed then return false, routed end
  if not parsed.domain or self.any_domain or self.domains:find(parsed.domain) then return true end
  return false, ("%s is not one of allowed_domains"):format(parsed.domain)
end

-- Why a client is not delayed, and by which entry; or nil. The name is that of the DNS, if it
-- is sure: if it has that address.
function Lists:client(ip, name)
  local entry = self.clients:find(ip, name)
  if entry then return "client whitelisted", entry end
  local pool = self.pools_pass and self.pools:find(ip, name)
  if pool then return "client of a pool", pool end
end

function Lists:sender(text)
  local entry = self.senders:find(text)
  if entry then return "sender whitelisted", entry end
end

function Lists:recipient(text)
  local entry = self.recipients:find(text)
  if entry then return "recipient whitelisted", entry end
end

function Lists:triple(ip, sender, recipient, helo)
  local from, to
  for _, triple in ipairs(self.triples) do
    if triple.nets:find(ip) then
      from, to = from or address.key(sender), to or address.key(recipient)
      if triple.sender == from and triple.recipient == to then return "triple whitelisted", triple.text end
    end
  end
  for _, triple in ipairs(self.nonstandard) do
    if triple.helo == helo and triple.nets:find(ip) then
      to = to or address.key(recipient)
      if triple.recipient == to then return "triple whitelisted", triple.text end
    end
  end
end

-- The name of the pool of a client, if those of a pool count as one; or nil.
function Lists:pool(ip, name)
  return self.pools_together and self.pools:find(ip, name) or nil
end

-- --- what is risky ---

local private = networks.set()
for _, net in ipairs { "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
  "100.64.0.0/10", "::1", "fc00::/7", "fe80::/10" } do
  private:add(networks.parse(net))
end

local function wide(net, four, six)
  return net.bits < (net.four and four or six) and not private:find(net)
end

local function judge_relay(self, place, net, also)
  local text = networks.net_text(net)
  if net.bits == 0 then
    self.problems:risk(place, ("%s is everybody: this is an open relay, and will be used as one"):format(text),
      "the networks of your own machines")
  elseif wide(net, 16, 32) then
    self.problems:risk(place, ("%s is a network of many owners, and all may send mail to anybody"):format(text),
      "the networks of your own machines")
  end
  if also then
    self.problems:risk(place,
      ("it may relay, and is taken as %s; for Kamaelia it was also the beginning of %s"):format(text, also), text)
  end
end

local function judge_client(self, place, text, kind, net, also)
  if kind == "net" and wide(net, 8, 16) then
    self.problems:risk(place, ("%s is so wide that greylisting is of little use"):format(networks.net_text(net)))
  elseif kind == "net" and also then
    self.problems:risk(place, ("it is taken as %s; for Kamaelia it was also the beginning of %s"):format(
      networks.net_text(net), also), networks.net_text(net))
  elseif kind == "name" and not text:gsub("^%.", ""):find(".", 1, true) and text:lower() ~= "localhost" then
    self.problems:risk(place, ("%s is all of a top-level domain"):format(text))
  end
end

-- --- entries ---

local add = {}

function add.client(self, text, place)
  local kind, net, also = self.clients:add(text)
  if not kind then return self.problems:error(place, net, also) end
  judge_client(self, place, text, kind, net, also)
end

function add.sender(self, text, place)
  local kind, why = self.senders:add(text)
  if not kind then self.problems:error(place, why) end
end

function add.recipient(self, text, place)
  local kind, why = self.recipients:add(text)
  if not kind then self.problems:error(place, why) end
end

-- Of allowed_senders and allowed_sender_nets: by address only, as a name can be lost or lent.
local function add_relay(self, text, place)
  local net, why, also = networks.parse(text)
  if not net and text:find "^[%d.]+$" then net, also = networks.prefix(text) end
  if not net then return self.problems:error(place, why or ("%q is no network"):format(text), also) end
  local last = text:match "^%d+%.%d+%.%d+%.(%d+)$"
  if self.prefixes and last then net, also = networks.prefix(text) end
  self.relays:add(net)
  judge_relay(self, place, net, also)
end

local function add_domain(self, text, place)
  if text == "*" then
    self.any_domain = true
    return self.problems:risk(place, "* takes mail for any domain: an open relay, if the server behind is one",
      "the domains whose mail is yours")
  end
  local below = text:match "^%.(.*)$"
  local name, why = address.domain(below or text)
  if not name then
    return self.problems:error(place, ("%q is no domain: %s"):format(text, (why:gsub("^its domain", "it"))))
  end
  if below then self.domains.below[name] = text else self.domains.whole[name] = text end
end

-- --- triples ---

local function address_of(self, text, place)
  local inner = text:match "^<(.*)>$" or text
  if inner == "" then return "" end
  local parsed, why = address.parse(inner)
  if not parsed then return self.problems:error(place, ("%q is no mail address: %s"):format(text, why)) end
  return parsed.text
end

local function nets_of(self, text, place, prefixes)
  local set = networks.set()
  local net, why, mend = networks.parse(text)
  local also
  if not net or prefixes and text:find "^[%d.]+$" then net, also = networks.prefix(text) end
  if not net then return self.problems:error(place, why, mend) end
  set:add(net)
  if also and prefixes then judge_client(self, place, text, "net", net, also) end
  return set
end

local function add_triple(self, item, place)
  if type(item) ~= "table" or #item ~= 3 then
    return self.problems:error(place, "a triple is an address, a sender and a recipient",
      "192.0.2.1 <a@example.org> <b@example.net>")
  end
  local triple = { nets = nets_of(self, item[1], place), sender = address_of(self, item[2], place),
    recipient = address_of(self, item[3], place), text = table.concat(item, " ") }
  if triple.nets and triple.sender and triple.recipient then table.insert(self.triples, triple) end
end

local function add_nonstandard(self, item, place)
  if type(item) ~= "table" or #item ~= 3 then
    return self.problems:error(place, "a nonstandard triple is the name that a client gives in HELO, a network "
      .. "and a recipient", "mail.example.org 192.0.2. <b@example.net>")
  end
  local triple = { helo = item[1], nets = nets_of(self, item[2], place, true),
    recipient = address_of(self, item[3], place), text = table.concat(item, " ") }
  if triple.nets and triple.recipient then table.insert(self.nonstandard, triple) end
end

-- --- files ---

local function add_pool(self, name, text, place)
  local kind, net, also = self.pools:add(text, name)
  if not kind then return self.problems:error(place, net, also) end
  judge_client(self, place, text, kind, net, also)
end

local function read(path)
  local f <close>, why = io.open(path, "rb")
  if not f then return nil, why end
  local text = f:read(MOST + 1)
  if not text and f:seek "end" ~= 0 then return nil, path .. ": it cannot be read" end
  text = text or ""
  if #text > MOST then return nil, path .. ": it is longer than 16 MB" end
  return text
end

-- Reads a file whose entries are of a kind: "client", "sender" or "recipient".
local function add_file(self, path, kind, place)
  local text, why = read(path)
  if not text then return self.problems:error(place, "cannot read " .. why) end
  local line, pool = 0, nil
  for source in (text .. "\n"):gmatch "(.-)\r?\n" do
    line = line + 1
    local at = { file = path, line = line, source = source }
    local body = (" " .. source):gsub("%s#.*$", ""):match "^%s*(.-)%s*$"
    local word, rest = body:match "^(%l+)%s+(%S.*)$"
    if body == "" then
      pool = pool and source:find "^%s*#" and pool or nil
    elseif pool and source:find "^%s" then
      add_pool(self, pool, body, at)
    elseif word == "pool" then
      pool = rest
    else
      pool = nil
      if word and add[word] then
        add[word](self, rest, at)
      elseif body:find "%s" and not body:find "^/" then
        self.problems:error(at, ("an entry has no space in it, but %q"):format(body),
          "client " .. body:match "%S+")
      else
        add[kind](self, body, at)
      end
    end
  end
end

-- --- the whole ---

local plain = {
  { "allowed_senders", add_relay }, { "allowed_domains", add_domain },
  { "whitelisted_clients", add.client }, { "whitelisted_senders", add.sender },
  { "whitelisted_recipients", add.recipient },
  { "whitelisted_triples", add_triple }, { "whitelisted_nonstandard_triples", add_nonstandard },
}

local files = { { "whitelist_files", "client" }, { "sender_files", "sender" },
  { "recipient_files", "recipient" }, { "pool_files", "client" } }

-- The lists of a configuration (see config.lua), whose files are read now; and the problems.
-- What cannot be read is left out of them.
function lists.new(config, found)
  local self = setmetatable({ relays = networks.set(), domains = entries.names(),
    clients = entries.clients(), senders = entries.addresses(), recipients = entries.addresses(),
    pools = entries.clients(), triples = {}, nonstandard = {}, any_domain = false,
    pools_together = config.pools == "together", pools_pass = config.pools == "pass",
    problems = found or problems.new() }, Lists)
  local places = config.places or {}
  local function each(key, f)
    local at = places[key] or {}
    for i, item in ipairs(config[key] or {}) do f(self, item, at[i]) end
  end
  for _, one in ipairs(plain) do each(one[1], one[2]) end
  self.prefixes = true
  each("allowed_sender_nets", add_relay)
  for _, one in ipairs(files) do
    local key, kind = one[1], one[2]
    if key ~= "pool_files" or config.pools ~= "off" then
      each(key, function(_, path, place) add_file(self, path, kind, place) end)
    end
  end
  return self, self.problems
end

return lists
