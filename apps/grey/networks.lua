-- networks: addresses of IPv4 and IPv6, networks, and sets of them in which an address is
-- found by one look-up for each length of prefix, however many networks there are.
--
-- An address is { four = true, n } or { four = false, high, low }, whole numbers of 32 or
-- of 64 bits. One of IPv4 that is written as one of IPv6 (::ffff:192.0.2.1) is that of IPv4.

local networks = {}

-- --- addresses ---

local function part(text)
  local value = tonumber(text)
  -- a zero in front is octal to some: 010 is 8 or 10
  return value < 256 and (#text == 1 or text:byte() ~= 48) and value or nil
end

local function four(text)
  local a, b, c, d = text:match "^(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)$"
  if not a then return nil end
  a, b, c, d = part(a), part(b), part(c), part(d)
  return a and b and c and d and (a << 24 | b << 16 | c << 8 | d)
end

-- The groups of a part of an address of IPv6, appended to a list; nil if one is none.
local function groups(text, list)
  if text == "" then return list end
  for group in (text .. ":"):gmatch "(.-):" do
    if not group:find "^%x%x?%x?%x?$" then return nil end
    list[#list + 1] = tonumber(group, 16)
  end
  return list
end

local function six(text)
  local dotted = text:match ":([%d.]+)$"
  if dotted and dotted:find(".", 1, true) then
    local n = four(dotted)
    if not n then return nil end
    text = text:sub(1, -#dotted - 1) .. ("%x:%x"):format(n >> 16, n & 0xffff)
  end
  local list
  local from, to = text:find("::", 1, true)
  if from then
    local head, tail = groups(text:sub(1, from - 1), {}), groups(text:sub(to + 1), {})
    if not (head and tail) or #head + #tail > 7 then return nil end
    for _ = 1, 8 - #head - #tail do head[#head + 1] = 0 end
    list = table.move(tail, 1, #tail, #head + 1, head)
  else
    list = groups(text, {})
  end
  if not list or #list ~= 8 then return nil end
  local high, low = 0, 0
  for i = 1, 4 do high, low = high << 16 | list[i], low << 16 | list[i + 4] end
  return high, low
end

local function address_of(text)
  local n = four(text)
  if n then return { four = true, n } end
  local high, low = six((text:gsub("%%[%w_.-]+$", "")))
  if not high then return nil end
  if high == 0 and low >> 32 == 0xffff then return { four = true, low & 0xffffffff } end
  return { four = false, high, low }
end

local asked, answer -- who is asked about once is asked about again

-- An address of its text, which may have the zone of an interface behind a "%"; else nil. It is
-- not to be changed.
function networks.address(text)
  if text ~= asked then asked, answer = text, address_of(text) end
  return answer
end

local function four_text(n)
  return ("%d.%d.%d.%d"):format(n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255)
end

-- As RFC 5952 has it: the first of the longest runs of zeros is left out.
local function six_text(high, low)
  local list, best, at, run = {}, 1, nil, 0
  for i = 1, 4 do
    list[i], list[i + 4] = high >> (64 - 16 * i) & 0xffff, low >> (64 - 16 * i) & 0xffff
  end
  for i = 1, 8 do
    run = list[i] == 0 and run + 1 or 0
    if run > best then best, at = run, i - run + 1 end
  end
  for i = 1, 8 do list[i] = ("%x"):format(list[i]) end
  if not at then return table.concat(list, ":") end
  return table.concat(list, ":", 1, at - 1) .. "::" .. table.concat(list, ":", at + best, 8)
end

-- The one text of an address.
function networks.text(address)
  if address.four then return four_text(address[1]) end
  return six_text(address[1], address[2])
end

-- Zero but for the first bits of an address.
local function masked(address, bits)
  if address.four then return { four = true, address[1] & (0xffffffff << (32 - bits)) & 0xffffffff } end
  local high, low = address[1], address[2]
  if bits <= 64 then return { four = false, bits == 0 and 0 or high & (-1 << (64 - bits)), 0 } end
  return { four = false, high, low & (-1 << (128 - bits)) }
end

-- --- networks ---

-- A network of its text: an address, or a prefix and its length, as 192.0.2.0/24: { four =,
-- bits =, … } as an address has it. Else nil, and what is wrong; with a mend where one is
-- near.
function networks.parse(text)
  local front, length = text:match "^([^/]*)/(.*)$"
  local address = networks.address(front or text)
  if not address then return nil, ("%q is no address of IPv4 or IPv6"):format(front or text) end
  local most = address.four and 32 or 128
  -- the length of an IPv4 prefix that is written as one of IPv6
  local skipped = address.four and (front or text):find ":" and 96 or 0
  local bits = not length and most or length:find "^%d%d?%d?$" and tonumber(length) - skipped or nil
  if not bits or bits < 0 or bits > most then
    return nil, ("/%s is no length of a prefix: it is 0 to %d here"):format(length, most)
  end
  local net = masked(address, bits)
  net.bits = bits
  if net[1] ~= address[1] or net[2] ~= address[2] then
    return nil, ("%s has bits behind its prefix"):format(text), networks.net_text(net)
  end
  return net
end

-- The one text of a network.
function networks.net_text(net)
  local most = net.four and 32 or 128
  return networks.text(net) .. (net.bits < most and "/" .. net.bits or "")
end

-- A network of the first characters of an address, as Kamaelia Grey has them: 10 or 192.168.2
-- are whole octets here, as if a dot stood behind them. Where they also were the beginning of
-- longer numbers, these are told second: "192.168.20 to 192.168.29". Else nil.
function networks.prefix(text)
  local front = text:gsub("%.$", "")
  local octets = {}
  for octet in (front .. "."):gmatch "(.-)%." do octets[#octets + 1] = octet end
  local zeros = front .. (".0"):rep(4 - #octets)
  local n = #octets <= 4 and four(zeros)
  if not n or #octets == 4 and text ~= front then return nil end
  local net = { four = true, bits = 8 * #octets, n }
  local last = tonumber(octets[#octets])
  if text ~= front or last == 0 or last * 10 > 255 then return net end
  local head, also = front:sub(1, -#octets[#octets] - 1), {}
  for _, power in ipairs { 10, 100 } do
    local least, most = last * power, math.min(last * power + power - 1, 255)
    if least <= 255 then also[#also + 1] = ("%s%d to %s%d"):format(head, least, head, most) end
  end
  return net, table.concat(also, " and ")
end

-- The network that a client counts as: the first bits of its address, as text. An address
-- that cannot be read is its own.
function networks.key(text, bits_of_four, bits_of_six)
  local address = networks.address(text)
  if not address then return text end
  local bits = address.four and (bits_of_four or 24) or bits_of_six or 64
  local net = masked(address, bits)
  net.bits = bits
  return networks.net_text(net)
end

-- --- sets ---

local Set = {}
Set.__index = Set

-- lengths, longest first, and for each a table of prefixes, of either kind
local function half() return { lengths = {}, of = {} } end

-- An empty set.
function networks.set() return setmetatable({ half(), half(), count = 0 }, Set) end

local function half_of(set, address) return address.four and set[1] or set[2] end

local function key_of(address)
  if address.four or address[2] == 0 then return address[1] end
  return ("%x %x"):format(address[1], address[2])
end

-- Adds a network; what is found for addresses in it is value, or else its text.
function Set:add(net, value)
  local h = half_of(self, net)
  local prefixes = h.of[net.bits]
  if not prefixes then
    prefixes = {}
    h.of[net.bits] = prefixes
    table.insert(h.lengths, net.bits)
    table.sort(h.lengths, function(a, b) return a > b end)
  end
  local key = key_of(net)
  if prefixes[key] == nil then
    prefixes[key] = value == nil and networks.net_text(net) or value
    self.count = self.count + 1
  end
end

-- What is found for an address, or its text: that of the longest prefix; else nil.
function Set:find(address)
  if self.count == 0 then return nil end
  if type(address) == "string" then address = networks.address(address) end
  if not address then return nil end
  local h = half_of(self, address)
  for _, bits in ipairs(h.lengths) do
    local found = h.of[bits][key_of(masked(address, bits))]
    if found ~= nil then return found end
  end
end

return networks
