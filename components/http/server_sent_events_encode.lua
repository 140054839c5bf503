local kam = require "kam"

-- text in lines that begin with a name. What ends a line within it begins another one.
local function lines(name, text)
  return name .. ": " .. text:gsub("\r\n?", "\n"):gsub("\n", "\n" .. name .. ": ") .. "\n"
end

-- A field that is one line.
local function field(name, value)
  if value == nil then return "" end
  value = math.type(value) == "integer" and tostring(value) or value
  if type(value) ~= "string" or value:find "[\r\n%z]" then
    error(("%s of an event is one line of text, got %s"):format(name, kam.show(value)), 0)
  end
  return ("%s: %s\n"):format(name, value)
end

local known = { data = true, event = true, id = true, retry = true, comment = true }

local function encode(msg)
  if type(msg) == "string" then return lines("data", msg) .. "\n" end
  if type(msg) ~= "table" then error("an event is a string or a table, got " .. kam.show(msg), 0) end
  for name in pairs(msg) do
    if not known[name] then
      error(("an event has no field %s; it has data, event, id, retry and comment"):format(kam.show(name)), 0)
    end
  end
  if msg.retry and (math.type(msg.retry) ~= "integer" or msg.retry < 0) then
    error("retry of an event is a number of milliseconds, got " .. kam.show(msg.retry), 0)
  end
  return (msg.comment and lines("", tostring(msg.comment)) or "") .. field("event", msg.event)
    .. field("id", msg.id) .. field("retry", msg.retry)
    .. (msg.data and lines("data", tostring(msg.data)) or "") .. "\n"
end

return kam.component "ServerSentEventsEncode" {
  summary = "Makes an answer of HTTPServer of events, for a page's EventSource.",
  doc = "A function of HTTPServer gives a Pipeline that ends in it. Each message is an event: a string, or { data "
    .. "=, event = its name, id =, retry = milliseconds until the page asks again, comment = }. The first "
    .. "message sent is the head of the response, the others are its body. When nothing comes for `keepAlive` "
    .. "seconds, a comment is sent, so that nobody on the way gives up the connection. What is no event fails "
    .. "it.",
  ends = "When its inbox has.",
  inboxes = { inbox = "events" },
  outboxes = { outbox = "a response with more = true, then texts" },
  options = {
    keepAlive = { 15.0, "seconds of silence after which a comment is sent; 0: never", min = 0 },
    headers = { {}, "headers of the response" },
  },
  first = "keepAlive",
  main = function(self)
    local headers = { ["Cache-Control"] = "no-store" }
    for name, value in pairs(self.headers) do headers[name] = value end
    self:send { type = "text/event-stream", headers = headers, more = true }
    local seconds = self.keepAlive > 0 and self.keepAlive or nil
    while true do
      local msg, why = self:recv("inbox", seconds)
      if msg ~= nil then
        self:send(encode(msg))
      elseif why == "timeout" then
        self:send ":\n\n"
      else
        return
      end
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { "one\ntwo", { event = "news", id = 7, data = "three" } },
  kam.ServerSentEventsEncode(),
  kam.each(function(part) print(type(part) == "table" and part.type or part) end),
}:run()
--> text/event-stream
--> data: one
--> data: two
-->
-->
--> event: news
--> id: 7
--> data: three
-->
-->
]],
}
