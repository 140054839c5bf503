local kam = require "kam"

-- A text that is one line of a description.
local function text_of(v, what)
  v = math.type(v) == "integer" and tostring(v) or v
  if type(v) ~= "string" or v == "" or v:find "[%z\r\n]" then
    error(("%s is a text without an end of line, got %s"):format(what, kam.show(v)), 0)
  end
  return v
end

-- Words of a table, by names, one space between.
local function words_of(t, what, ...)
  local list = {}
  for i, name in ipairs { ... } do
    list[i] = text_of(t[name], ("%s of %s"):format(name, what))
    if list[i]:find " " then error(("%s of %s has a space in it: %s"):format(name, what, kam.show(list[i])), 0) end
  end
  return table.concat(list, " ")
end

local function origin(o)
  return words_of(o, "origin", "username", "sessionId", "sessionVersion", "netType", "addrType", "address")
end

local function connection(c)
  return words_of(c, "connection", "netType", "addrType", "address")
    .. (c.ttl and "/" .. text_of(c.ttl, "ttl of connection") or "")
    .. (c.count and "/" .. text_of(c.count, "count of connection") or "")
end

local function bandwidth(b)
  return ("%s:%s"):format(text_of(b.type, "type of bandwidths"), text_of(b.rate, "rate of bandwidths"))
end

local function attribute(a)
  local name = text_of(a.name, "name of attributes")
  if name:find "[: ]" then error("name of attributes has a colon or a space in it: " .. kam.show(name), 0) end
  return a.value and a.value ~= "" and name .. ":" .. text_of(a.value, "value of attributes")
    or name .. (a.value and ":" or "")
end

-- What stands in a description, in its order (RFC 8866, section 5).
local session = {
  { "o", "origin", origin, must = true }, { "s", "name", must = true }, { "i", "information" }, { "u", "uri" },
  { "e", "emails", many = true }, { "p", "phones", many = true }, { "c", "connection", connection },
  { "b", "bandwidths", bandwidth, many = true }, { "t", "times", must = true, many = true }, { "z", "zones" },
  { "k", "key" }, { "a", "attributes", attribute, many = true },
}
local of_media = {
  { "i", "information" }, { "c", "connections", connection, many = true },
  { "b", "bandwidths", bandwidth, many = true }, { "k", "key" }, { "a", "attributes", attribute, many = true },
}

local function write_times(lines, times)
  if #times == 0 then error("a description needs times", 0) end
  for _, t in ipairs(times) do
    lines[#lines + 1] = "t=" .. words_of(t, "times", "start", "stop")
    for _, r in ipairs(t.repeats or {}) do lines[#lines + 1] = "r=" .. text_of(r, "repeats") end
  end
end

local function write(lines, order, d)
  for _, what in ipairs(order) do
    local letter, name, form = what[1], what[2], what[3]
    local v = d[name]
    if v == nil and what.must then error(("a description needs %s"):format(name), 0) end
    if letter == "t" then
      write_times(lines, v)
    elseif v ~= nil then
      for _, item in ipairs(what.many and v or { v }) do
        lines[#lines + 1] = letter .. "=" .. (form and form(item) or text_of(item, name))
      end
    end
  end
end

local function medium(lines, m)
  local port = text_of(m.port, "port of media") .. (m.ports and "/" .. text_of(m.ports, "ports of media") or "")
  lines[#lines + 1] = ("m=%s %s %s %s"):format(words_of(m, "media", "media"), port,
    words_of(m, "media", "protocol"), text_of(table.concat(m.formats or {}, " "), "formats of media"))
  write(lines, of_media, m)
end

return kam.component "SDPWriter" {
  summary = "Writes descriptions of sessions (SDP).",
  doc = "Each message is a table as SDPParser gives it, and becomes the text of a description (RFC 8866), lines "
    .. "in their order, ending with \\r\\n. origin, name and times there must be. What would be another line is "
    .. "an error.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "tables", kind = "table" } },
  outboxes = { outbox = { "descriptions", kind = "bytes" } },
  main = function(self)
    for d in self:messages() do
      local lines = { "v=0" }
      write(lines, session, d)
      for _, m in ipairs(d.media or {}) do medium(lines, m) end
      self:send(table.concat(lines, "\r\n") .. "\r\n")
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { {
    origin = { username = "ann", sessionId = 1, sessionVersion = 1, netType = "IN", addrType = "IP4",
      address = "192.0.2.1" },
    name = "Talk", times = { { start = 0, stop = 0 } },
    media = { { media = "video", port = 5004, protocol = "RTP/AVP", formats = { "33" } } },
  } },
  kam.SDPWriter(), kam.LineSplit { crlf = true }, kam.ConsoleEchoer(),
}:run()
--> v=0
--> o=ann 1 1 IN IP4 192.0.2.1
--> s=Talk
--> t=0 0
--> m=video 5004 RTP/AVP 33
]],
}
