local kam = require "kam"

-- What a station says of itself, from the headers.
local function station(headers)
  return { name = headers["icy-name"], genre = headers["icy-genre"], url = headers["icy-url"],
    bitrate = math.tointeger(tonumber(headers["icy-br"])), type = headers["content-type"],
    description = headers["icy-description"] }
end

-- StreamTitle='It's us';StreamUrl=''; as a table.
local function metadata(text, at)
  local m = { text = text, at = at, fields = {} }
  for name, value in text:gmatch "(%w+)='(.-)';" do m.fields[name] = value end
  m.title, m.url = m.fields.StreamTitle, m.fields.StreamUrl
  if m.url == "" then m.url = nil end
  return m
end

return kam.component "IcecastDemux" {
  summary = "Divides a radio station's stream (ICY) into sound and what is said of it.",
  doc = "Takes what HTTPClient sends with `stream`, for a request with the header Icy-MetaData: 1. The sound "
    .. "leaves as it came, without what is put between its bytes at each icy-metaint. That goes to `metadata`: { "
    .. "title =, url =, text = all of it, fields =, at = how many bytes of sound stand before it }. What the "
    .. "station says of itself, in headers, goes to `station`: { name =, genre =, url =, bitrate =, type =, "
    .. "description = }. Any other status than 200, and a stream that breaks, fail it.",
  ends = "When its inbox has, or the stream.",
  inboxes = { inbox = "a streamed response: a table, strings, and a table without more" },
  outboxes = {
    outbox = { "the sound", kind = "bytes" },
    metadata = { "what is being played", optional = true },
    station = { "what the station says of itself", optional = true },
  },
  options = {},

  -- The first table.
  begin = function(self, m)
    if m.error then error(("error[%s]: %s"):format(m.code, m.error), 0) end
    if m.status ~= 200 then error(("the station answers %d %s"):format(m.status, m.reason), 0) end
    local every = m.headers["icy-metaint"]
    self.every = every and math.tointeger(tonumber(every)) or nil
    if every and (not self.every or self.every < 1 or self.every > 1 << 24) then
      error("icy-metaint is no number of bytes: " .. kam.show(every), 0)
    end
    self.left, self.at = self.every, 0 -- bytes of sound until more is said; and so far
    self:send(station(m.headers), "station")
  end,
  sound = function(self, bytes)
    self.at = self.at + #bytes
    self:send(bytes)
  end,
  -- A part of the stream.
  part = function(self, bytes)
    if not self.every then return self:sound(bytes) end
    local at = 1
    while at <= #bytes do
      if self.left > 0 then
        local n = math.min(self.left, #bytes - at + 1)
        self:sound(n == #bytes and bytes or bytes:sub(at, at + n - 1))
        self.left, at = self.left - n, at + n
      elseif not self.wanted then
        self.wanted, self.said, at = bytes:byte(at) * 16, "", at + 1
      else
        local n = math.min(self.wanted - #self.said, #bytes - at + 1)
        self.said, at = self.said .. bytes:sub(at, at + n - 1), at + n
      end
      if self.wanted and #self.said == self.wanted then
        local text = self.said:match "^[^%z]*"
        if text ~= "" then self:send(metadata(text, self.at), "metadata") end
        self.wanted, self.left = nil, self.every
      end
    end
  end,
  main = function(self)
    local first = self:recv()
    if not first then return end
    self:begin(first)
    if first.body then self:part(first.body) end
    if not first.more then return end
    for m in self:messages() do
      if type(m) == "table" then
        if m.error then error(("error[%s]: %s"):format(m.code, m.error), 0) end
        return
      end
      self:part(m)
    end
  end,
  example = [[
kam.Graphline {
  FROM = kam.DataSource {
    { status = 200, headers = { ["icy-name"] = "Ours", ["icy-metaint"] = "4" }, more = true },
    "beep\1StreamTitle='A';boop\0bip", {} },
  DEMUX = kam.IcecastDemux(),
  SOUND = kam.each(function(bytes) print("sound", bytes) end),
  SAID = kam.each(function(m) print(m.name or m.title, m.at) end),
  linkages = { "FROM -> DEMUX -> SOUND", "DEMUX.metadata, DEMUX.station -> SAID" },
}:run()
--> sound	beep
--> sound	boop
--> sound	bip
--> Ours	nil
--> A	4
]],
}
