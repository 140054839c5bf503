local kam = require "kam"

local LINE, TAGS = 510, 8191 -- bytes, without the end of a line

local escaped = { [";"] = "\\:", [" "] = "\\s", ["\\"] = "\\\\", ["\r"] = "\\r", ["\n"] = "\\n" }

local function refuse(msg, why, ...)
  error(("%s: %s"):format(why:format(...), kam.show(msg)), 0)
end

local function tags_of(msg)
  local names, list = {}, {}
  for name in pairs(msg.tags) do
    if type(name) ~= "string" or not name:find "^%+?[%w./-]+$" then
      refuse(msg, "%s is no name of a tag", kam.show(name))
    end
    names[#names + 1] = name
  end
  table.sort(names)
  for i, name in ipairs(names) do
    local value = tostring(msg.tags[name]):gsub("[; \\\r\n]", escaped)
    if value:find("\0", 1, true) then refuse(msg, "a tag has a zero byte") end
    list[i] = value == "" and name or name .. "=" .. value
  end
  local text = "@" .. table.concat(list, ";") .. " "
  if #text > TAGS then refuse(msg, "tags have %d bytes, at most %d are allowed", #text, TAGS) end
  return #list > 0 and text or ""
end

local function line_of(msg)
  if type(msg.command) ~= "string" or not (msg.command:find "^%a+$" or msg.command:find "^%d%d%d$") then
    refuse(msg, "a command is letters, or three digits")
  end
  local words, params = { msg.command }, msg.params or {}
  if msg.source then
    if not msg.source:find "^[^ %c]+$" then refuse(msg, "a source has a space or an end of line in it") end
    table.insert(words, 1, ":" .. msg.source)
  end
  if #params > 15 then refuse(msg, "a message has at most 15 parameters, got %d", #params) end
  for i, param in ipairs(params) do
    param = tostring(param)
    if param:find "[%z\r\n]" then refuse(msg, "parameter %d has an end of line, or a zero byte, in it", i) end
    if param == "" or param:find "^:" or param:find(" ", 1, true) then
      if i < #params then refuse(msg, "parameter %d is no word, and not the last", i) end
      param = ":" .. param
    end
    words[#words + 1] = param
  end
  local line = table.concat(words, " ")
  if #line > LINE then refuse(msg, "a line has %d bytes, at most %d are allowed", #line, LINE) end
  return (msg.tags and tags_of(msg) or "") .. line
end

return kam.component "IRCEncode" {
  summary = "Writes messages as lines of IRC.",
  doc = "Each message is { command =, params = { … } }, with source = and tags = if it has some, and becomes a "
    .. "line without its end. What would make another message of it is an error: an end of line or a zero byte "
    .. "in it; spaces, nothing, or a colon first in a parameter that is not the last; more than 15 of them; a "
    .. "line of more than 510 bytes, or tags of more than 8191.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "messages: { command =, params =, source =, tags = }", kind = "table" } },
  outboxes = { outbox = { "lines, for LineJoin with \"\\r\\n\"", kind = "line" } },
  main = function(self)
    for msg in self:messages() do self:send(line_of(msg)) end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { { command = "NICK", params = { "kam" } },
    { command = "PRIVMSG", params = { "#lua", "good morning, all" } } },
  kam.IRCEncode(), kam.ConsoleEchoer(),
}:run()
--> NICK kam
--> PRIVMSG #lua :good morning, all
]],
}
