-- GreyLog: what happens, as a line each, for people and their tools.
--
--     client=192.0.2.1 helo=mx.example.org from=<a@example.org> to=<b@example.net>
--       action=defer reason="new" wait=300
local dates = require "dates"
local kam = require "kam"

local LONGEST = 200 -- bytes of a value that others have chosen
local TOGETHER = 100 -- lines that are written at once

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
local ours = { event = true, id = true, action = true, outcome = true } -- words that need no quotes
local known = {}
for _, name in ipairs(order) do known[name] = true end

local function shown(name, value)
  if ours[name] or math.type(value) == "integer" then return tostring(value) end
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
local function old_line_of(event, now)
  local gone = event.event == "recipient" and (event.action == "defer" or event.action == "reject")
  if event.event ~= "mail" and not gone then return nil end
  local to = event.recipients or { event.recipient }
  local what = event.outcome == "delivered" and "ACCEPTED" or event.action == "defer" and "DEFERRED" or ""
  local function plain(text) return (tostring(text):gsub("[%c|]", "?"):sub(1, LONGEST)) end
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
  -- Writes lines, all or, as far as is known, none of them.
  write = function(self, lines)
    if not self.file then self:open() end
    local lost = self.lost
    if lost > 0 then table.insert(lines, 2, ("event=lost lines=%d"):format(lost)) end
    if self.file and self.file:write(table.concat(lines, "\n"), "\n") then
      self.lost = 0
    else
      self.lost = lost + #lines - (lost > 0 and 1 or 0)
    end
  end,
  -- The line of an event, or nil.
  line = function(self, event)
    local time = os.time()
    if self.format == "kamaelia" then return old_line_of(event, time) end
    local line = line_of(event)
    if self.path ~= "" then return dates.log(time) .. " " .. line end
    if not self.journal then return "grey: " .. line end
    local bad = event.event == "trouble" or event.up == false or event.outcome == "trouble"
    return (bad and "<4>" or "<6>") .. line
  end,
  main = function(self)
    local lines = {}
    for event in self:messages() do
      if event ~= "reopen" then lines[#lines + 1] = self:line(event) end
      local last = #lines == TOGETHER or event == "reopen" or not self:dataReady "inbox"
      if last and #lines > 0 then
        self:write(lines)
        lines = {}
      end
      if event == "reopen" then self:open() end
    end
    if self.path ~= "" and self.file then self.file:close() end
  end,
}
