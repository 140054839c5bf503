-- GreyLog: what happens, as a line each, for people and their tools.
--
--     client=192.0.2.1 helo=mx.example.org from=<a@example.org> to=<b@example.net>
--       action=defer reason="new" wait=300
local kam = require "kam"

local LONGEST = 200 -- bytes of a value that others have chosen

-- A value that cannot be taken for more than one, nor for a line of its own.
local function quoted(value)
  local text = tostring(value)
  if #text <= LONGEST and text:find "^[%w<>@.:%[%]_+/-]+$" then return text end
  if #text > LONGEST then text = text:sub(1, LONGEST) .. "..." end
  text = text:gsub('[%c"\\\x7f-\xff]', function(c) return ("\\x%02x"):format(c:byte()) end)
  return text:find "^[%w<>@.:%[%]_+/-]+$" and text or '"' .. text .. '"'
end

local function path(address) return "<" .. address .. ">" end

local function paths(list)
  local shown = {}
  for i = 1, math.min(#list, 5) do shown[i] = path(list[i]) end
  if #list > 5 then shown[6] = ("and %d more"):format(#list - 5) end
  return table.concat(shown, ",")
end

-- The fields of an event, in the order of a line.
local order = { "event", "id", "client", "name", "helo", "sender", "recipient", "recipients", "size", "action",
  "outcome", "reason", "wait", "seconds", "unheard", "up", "reply", "text", "kind" }
local names = { sender = "from", recipient = "to", recipients = "to" }
local known = {}
for _, name in ipairs(order) do known[name] = true end

local function shown(name, value)
  if name == "sender" or name == "recipient" then return quoted(path(value)) end
  if name == "recipients" then return quoted(paths(value)) end
  if name == "seconds" then return ("%.3f"):format(value) end
  return quoted(value)
end

local function line_of(event)
  local words, others = {}, {}
  for _, name in ipairs(order) do
    if event[name] ~= nil then words[#words + 1] = (names[name] or name) .. "=" .. shown(name, event[name]) end
  end
  for name in pairs(event) do
    if not known[name] then others[#others + 1] = tostring(name) end
  end
  table.sort(others)
  for _, name in ipairs(others) do words[#words + 1] = name .. "=" .. quoted(event[name]) end
  return table.concat(words, " ")
end

-- A line as Kamaelia's Grey wrote it, for a mail, or for a recipient that is turned away.
local function old_line_of(event)
  local gone = event.event == "recipient" and (event.action == "defer" or event.action == "reject")
  if event.event ~= "mail" and not gone then return nil end
  local to = event.recipients or { event.recipient }
  local what = event.outcome == "delivered" and "ACCEPTED" or event.action == "defer" and "DEFERRED" or ""
  local function plain(text) return (tostring(text):gsub("[%c|]", "?"):sub(1, LONGEST)) end
  local now = event.time
  return ("%s.%03d | %s | %s | <%s> | %s | %s | "):format(os.date("!%Y%m%d%H%M%S", math.floor(now)),
    math.floor(now * 1000) % 1000, plain(event.helo), event.client, plain(event.sender), plain(paths(to)), what)
end

return kam.component "GreyLog" {
  summary = "Writes what happens, a line each, to a file or the standard error.",
  doc = "An event is a table: see session.lua. A file is appended to, and opened again when \"reopen\" comes, as "
    .. "after logrotate has moved it. Lines that cannot be written are counted, and told of when the file can "
    .. "be written to again; mail does not wait for that. On the standard error, lines have the priority "
    .. "that journald reads, if it listens.",
  ends = "When its inbox has, or when told.",
  inboxes = { inbox = "events, and \"reopen\"" },
  outboxes = { outbox = false },
  options = {
    path = { "", "the file; \"\": the standard error" },
    format = { "keys", "lines of key=value, or as Kamaelia's", oneOf = { "keys", "kamaelia" } },
  },
  first = "path",
  init = function(self)
    self.lost, self.file, self.journal = 0, nil, os.getenv "JOURNAL_STREAM" ~= nil
    self:open()
  end,
  open = function(self)
    if self.path == "" then
      self.file = io.stderr
      return
    end
    if self.file then self.file:close() end
    local why
    self.file, why = io.open(self.path, "a")
    if self.file then self.file:setvbuf "no" else self:warn("the log cannot be opened: " .. tostring(why)) end
  end,
  write = function(self, line)
    if not self.file then self:open() end
    local ok = self.file and self.file:write(line, "\n")
    if not ok then self.lost = self.lost + 1 end
    return ok
  end,
  note = function(self, event)
    event.time = event.time or os.time()
    local line
    if self.format == "kamaelia" then
      line = old_line_of(event)
    else
      local bad = event.event == "trouble" or event.up == false or event.outcome == "trouble"
      local time = event.time
      event.time = nil
      line = line_of(event)
      if self.path ~= "" then
        line = os.date("!%Y-%m-%dT%H:%M:%SZ ", time) .. line
      elseif self.journal then
        line = (bad and "<4>" or "<6>") .. line
      else
        line = "grey: " .. line
      end
    end
    if not line then return end
    local lost = self.lost
    if self:write(line) and lost > 0 then
      self.lost = 0
      self:write(("event=lost lines=%d"):format(lost))
    end
  end,
  main = function(self)
    for event in self:messages() do
      if event == "reopen" then self:open() else self:note(event) end
    end
    if self.path ~= "" and self.file then self.file:close() end
  end,
}
