local kam = require "kam"

local unescaped = { [":"] = ";", s = " ", r = "\r", n = "\n" }

-- The tags of a message (IRCv3): names to values, "" if there is none.
local function tags_of(text)
  local tags = {}
  for item in text:gmatch "[^;]+" do
    local name, value = item:match "^([^=]+)=?(.*)$"
    if name then
      tags[name] = value:gsub("\\(.?)", function(c) return unescaped[c] or c end)
    end
  end
  return tags
end

-- The message of a line; or nil and why it is none.
local function message_of(line)
  if line:find "[%z\r\n]" then return nil, "a line has a zero byte, or an end of line in it" end
  local msg = { params = {} }
  local tags, rest = line:match "^@([^ ]*) *(.*)$"
  if tags then
    local found = tags_of(tags)
    msg.tags = next(found) and found or nil
  else
    rest = line
  end
  local source, behind = rest:match "^:([^ ]*) *(.*)$"
  if source then
    msg.source, rest = source, behind
    msg.nick, msg.user, msg.host = source:match "^([^!@]+)!?([^@]*)@?(.*)$"
  end
  local command, params = rest:match "^(%w+)(.*)$"
  if not command or not (command:find "^%a+$" or command:find "^%d%d%d$")
    or params ~= "" and params:byte() ~= 32 then
    return nil, "a line has no command"
  end
  msg.command = command:upper()
  local list = msg.params
  while true do
    params = params:gsub("^ +", "")
    if params == "" then return msg end
    if params:byte() == 58 or #list == 14 then -- ":", or the last that there may be
      list[#list + 1] = params:gsub("^:", "")
      return msg
    end
    list[#list + 1], params = params:match "^([^ ]+)(.*)$"
  end
end

return kam.component "IRCDecode" {
  summary = "Reads the lines of IRC as messages.",
  doc = "Each message is a line without its end (RFC 2812, section 2.3.1; tags as IRCv3 has them), and becomes "
    .. "{ command =, params = { … } }, with source =, nick =, user =, host = if it says from whom, and tags = "
    .. "if there are some. The command is in capitals, or three digits. Empty lines are dropped. A line that is "
    .. "no message goes to error if that is linked; else it ends the component.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "lines, as LineSplit with crlf gives them", kind = "line" } },
  outboxes = {
    outbox = { "messages: { command =, params =, source =, nick =, user =, host =, tags = }", kind = "table" },
    error = { "if linked: lines that are no messages, as { text =, error = }", kind = "table", optional = true },
  },
  main = function(self)
    for line in self:messages() do
      if line:find "[^ ]" then
        local msg, why = message_of(line)
        if msg then
          self:send(msg)
        elseif self:isHeard "error" then
          self:send({ text = line, error = why }, "error")
        else
          error(("%s: %s"):format(why, kam.show(line)), 0)
        end
      end
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { ":ann!~a@example.org PRIVMSG #lua :good morning, all" },
  kam.IRCDecode(),
  kam.map(function(msg) return ("%s %s %s: %s"):format(msg.command, msg.nick, msg.params[1], msg.params[2]) end),
  kam.ConsoleEchoer(),
}:run()
--> PRIVMSG ann #lua: good morning, all
]],
}
