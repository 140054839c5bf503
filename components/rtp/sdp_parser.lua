local kam = require "kam"

local function wrong(number, why, ...)
  return nil, ("line %d: "):format(number) .. why:format(...)
end

-- The words of a value, by names: so many that there must be, the last with all the rest.
local function words(value, ...)
  local names, t, rest = { ... }, {}, value
  for i, name in ipairs(names) do
    local word
    if i < #names then word, rest = rest:match "^(%S+) ?(.*)$" else word = rest ~= "" and rest or nil end
    if not word then return nil end
    t[name] = word
  end
  return t
end

local function origin(value)
  local o = words(value, "username", "sessionId", "sessionVersion", "netType", "addrType", "address")
  return o and not o.address:find " " and o or nil
end

-- A connection's address: 224.2.1.1/127/3 is one with a ttl and a count.
local function connection(value)
  local c = words(value, "netType", "addrType", "address")
  if not c then return nil end
  local address, a, b = c.address:match "^([^/ ]+)/?(%d*)/?(%d*)$"
  if not address then return nil end
  c.address = address
  if c.addrType == "IP6" then
    c.count = math.tointeger(tonumber(a))
  else
    c.ttl, c.count = math.tointeger(tonumber(a)), math.tointeger(tonumber(b))
  end
  return c
end

local function media(value)
  local m = words(value, "media", "port", "protocol", "formats")
  local port, ports = (m and m.port or ""):match "^(%d+)/?(%d*)$"
  if not port or #port > 5 or tonumber(port) > 65535 then return nil end
  local formats = {}
  for format in m.formats:gmatch "%S+" do formats[#formats + 1] = format end
  m.port, m.ports, m.formats = math.tointeger(port), math.tointeger(tonumber(ports)), formats
  m.attributes = {}
  return m
end

local function attribute(value)
  local name, rest = value:match "^([^:]+):(.*)$"
  return { name = name or value, value = rest }
end

local function bandwidth(value)
  local kind, rate = value:match "^([^:%s]+):(%d+)$"
  return kind and { type = kind, rate = math.tointeger(rate) } or nil
end

local function timing(value)
  local start, stop = value:match "^(%d+) (%d+)$"
  start, stop = math.tointeger(start), math.tointeger(stop)
  return start and stop and { start = start, stop = stop, repeats = {} } or nil
end

-- What the letters of lines are: where in the table, how it is read, and whether there may be
-- more than one of it.
local session = {
  o = { "origin", origin }, s = { "name" }, i = { "information" }, u = { "uri" }, e = { "emails", many = true },
  p = { "phones", many = true }, c = { "connection", connection }, b = { "bandwidths", bandwidth, many = true },
  t = { "times", timing, many = true }, z = { "zones" }, k = { "key" },
  a = { "attributes", attribute, many = true },
}
local of_media = {
  i = { "information" }, c = { "connections", connection, many = true },
  b = { "bandwidths", bandwidth, many = true }, k = { "key" }, a = { "attributes", attribute, many = true },
}
local ORDER, MEDIA_ORDER = "vosiuepcbtrzka", "micbka" -- RFC 8866, section 5; t, r and z alternate

-- One line of a description d, whose medium is m if one has begun.
local function take(d, m, letter, value, number)
  if letter == "r" then
    local t = d.times and d.times[#d.times]
    if m or not t then return wrong(number, "r= belongs behind t=") end
    t.repeats[#t.repeats + 1] = value
    return true
  end
  local what = (m and of_media or session)[letter]
  if not what then return wrong(number, "there is no %s= here", letter) end
  local into, name, parsed = m or d, what[1], value
  if what[2] then parsed = what[2](value) end
  if parsed == nil then return wrong(number, "%s= cannot be read: %s", letter, kam.show(value)) end
  if what.many then
    into[name] = into[name] or {}
    table.insert(into[name], parsed)
  elseif into[name] ~= nil then
    return wrong(number, "there is a second %s=", letter)
  else
    into[name] = parsed
  end
  return true
end

-- A description of its lines; or nil and why it is none.
local function description_of(lines)
  local d, m, last = { attributes = {}, media = {} }, nil, 0
  for number, line in ipairs(lines) do
    local letter, value = line:match "^(%l)=(.*)$"
    if not letter then return wrong(number, "a line is x=value, got %s", kam.show(line)) end
    if (number == 1) ~= (letter == "v") then return wrong(number, "v= is the first line, and no other") end
    if letter == "v" and value ~= "0" then return wrong(number, "version %s, not 0", value) end
    if letter == "m" then
      m, last = media(value), 1
      if not m then return wrong(number, "m= cannot be read: %s", kam.show(value)) end
      d.media[#d.media + 1] = m
    elseif letter ~= "v" then
      local place = (m and MEDIA_ORDER or ORDER):find(letter, 1, true)
      local again = not m and (letter == "t" or letter == "r") and last <= ORDER:find("z", 1, true)
      if place and place < last and not again then return wrong(number, "%s= comes too late", letter) end
      last = place or last
      local ok, why = take(d, m, letter, value, number)
      if not ok then return nil, why end
    end
  end
  for _, letter in ipairs { "o", "s", "t" } do
    if d[session[letter][1]] == nil then return nil, ("there is no %s="):format(letter) end
  end
  return d
end

return kam.component "SDPParser" {
  summary = "Reads descriptions of sessions (SDP), as tables.",
  doc = "Each message is a whole description (RFC 8866), its lines ending with \\r\\n or \\n, and becomes { "
    .. "origin = { username =, sessionId =, sessionVersion =, netType =, addrType =, address = }, name =, "
    .. "information =, uri =, emails =, phones =, connection = { netType =, addrType =, address =, ttl =, count = "
    .. "}, bandwidths = { { type =, rate = } }, times = { { start =, stop =, repeats = } }, zones =, key =, "
    .. "attributes = { { name =, value = } }, media = { { media =, port =, ports =, protocol =, formats =, "
    .. "information =, connections =, bandwidths =, key =, attributes = } } }, without what is not there. One "
    .. "that is wrong, its lines in the wrong order too, goes to error if that is linked; else it ends the "
    .. "component, as does one longer than `limit`.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "descriptions, each whole", kind = "bytes" } },
  outboxes = {
    outbox = { "tables", kind = "table" },
    error = { "if linked: what is wrong, as { text =, error = }", kind = "table", optional = true },
  },
  options = { limit = { 65536, "bytes in a description", min = 1 } },
  main = function(self)
    for text in self:messages() do
      local d, why
      if #text > self.limit then
        why = ("a description of %d bytes is longer than %d (its option limit)"):format(#text, self.limit)
      else
        local lines = {}
        for line in text:gmatch "[^\n]+" do lines[#lines + 1] = (line:gsub("\r$", "")) end
        d, why = description_of(lines)
      end
      if d then
        self:send(d)
      elseif self:isHeard "error" then
        self:send({ text = text:sub(1, self.limit), error = why }, "error")
      else
        error(why, 0)
      end
    end
  end,
  example = [[
kam.Pipeline {
  kam.OneShot "v=0\no=ann 1 1 IN IP4 192.0.2.1\ns=Talk\nt=0 0\nm=audio 49170 RTP/AVP 0 8\na=sendrecv\n",
  kam.SDPParser(),
  kam.map(function(d)
    local m = d.media[1]
    return ("%s by %s: %s on port %d"):format(d.name, d.origin.username, m.media, m.port)
  end),
  kam.ConsoleEchoer(),
}:run()
--> Talk by ann: audio on port 49170
]],
}
