local kam = require "kam"

local NAME = 16 -- bytes of a line, beside its data
local MARK = "\239\187\191"

return kam.component "ServerSentEventsDecode" {
  summary = "Reads a stream of server-sent events.",
  doc = "The bytes come in any cut, as HTTPClient sends them with `bodies`. Each event leaves as { event = its "
    .. "name, or \"message\", data =, id = the last that was given, or \"\" }, as WHATWG's standard says: "
    .. "comments and fields that are not known are passed over, an event without data is none, and one that is "
    .. "not whole at the end is lost. A wish of the server's, how long to wait until it is asked again, goes to "
    .. "`retry`. A line, or the data of an event, of more than `limit` bytes fails it.",
  ends = "When its inbox has.",
  inboxes = { inbox = { "bytes, in any cut", kind = "bytes" } },
  outboxes = {
    outbox = "events: { event =, data =, id = }",
    retry = { "milliseconds", optional = true },
  },
  options = {
    limit = { 1 << 20, "bytes of an event's data, and of a line", min = 1 },
    id = { "", "of the last event before the stream" },
  },
  first = "limit",

  -- An event is there to its end.
  dispatch = function(self)
    local data, name = self.data, self.event
    self.data, self.size, self.event = {}, 0, nil
    if #data == 0 then return end
    if name == "" then name = nil end
    self:send { event = name or "message", data = table.concat(data, "\n"), id = self.last }
  end,
  -- A line without its end.
  line = function(self, line)
    if line == "" then return self:dispatch() end
    local name, value = line:match "^([^:]*):? ?(.*)$"
    if name == "data" then
      self.size = self.size + #value + 1
      if self.size > self.limit + 1 then self:too_long() end
      self.data[#self.data + 1] = value
    elseif name == "event" then
      self.event = value
    elseif name == "id" then
      if not value:find("\0", 1, true) then self.last = value end
    elseif name == "retry" and value:find "^%d+$" and #value < 16 then
      self:send(math.tointeger(tonumber(value)), "retry")
    end
  end,
  too_long = function(self)
    error(("an event is longer than %d bytes (its option limit)"):format(self.limit), 0)
  end,
  -- A part of the stream, without a mark of UTF-8 at its beginning.
  part = function(self, bytes)
    local at = 1
    if self.after_cr and bytes:byte() == 10 then at = 2 end -- a line feed behind it belongs to it
    if bytes ~= "" then self.after_cr = false end
    while true do
      local stop = bytes:find("[\r\n]", at)
      if not stop then break end
      self.held[#self.held + 1] = bytes:sub(at, stop - 1)
      local line = #self.held == 1 and self.held[1] or table.concat(self.held)
      self.held, self.length = {}, 0
      if #line > self.limit + NAME then self:too_long() end
      self:line(line)
      at = stop + 1
      if bytes:byte(stop) == 13 then
        if bytes:byte(at) == 10 then at = at + 1 elseif at > #bytes then self.after_cr = true end
      end
    end
    if at > #bytes then return end
    self.held[#self.held + 1] = bytes:sub(at)
    self.length = self.length + #bytes - at + 1
    if self.length > self.limit + NAME then self:too_long() end
  end,
  main = function(self)
    self.data, self.size, self.last = {}, 0, self.id
    self.held, self.length = {}, 0 -- what has come of a line
    local first = ""
    for bytes in self:messages() do
      if first then
        first = first .. bytes
        if #first >= 3 or first ~= MARK:sub(1, #first) then
          self:part(first:sub(1, 3) == MARK and first:sub(4) or first)
          first = nil
        end
      else
        self:part(bytes)
      end
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { "data: one\nda", "ta: two\n\n", "event: news\nid: 7\ndata: three\n\n" },
  kam.ServerSentEventsDecode(),
  kam.each(function(event) print(event.event, event.id, (event.data:gsub("\n", "|"))) end),
}:run()
--> message		one|two
--> news	7	three
]],
}
