-- config: reads a configuration. A line is one of
--
--     # a comment                        also behind a value, after a space
--     key = value
--     key:                               a list; its items follow, indented
--         item
--     include FILE                       lines of another file
--
-- which is Kamaelia's grammar, whose files are read unchanged, and a little more. What is wrong
-- is gathered in a list of problems (problems.lua), so that all of it can be told at once.
local lists = require "lists"
local networks = require "networks"
local problems = require "problems"
local sections = require "keys"
local values = require "values"

local config = {}

local DEEPEST = 10 -- files that include one another
local MOST = 1 << 20 -- bytes of one

config.keys, config.names = {}, {} -- by name; and the names in their order
for _, section in ipairs(sections) do
  for _, key in ipairs(section) do
    config.keys[key.name] = key
    table.insert(config.names, key.name)
  end
end

-- Where a configuration is looked for, if none is named.
config.places = { "/etc/kamaelua/grey.conf" }
for _, ending in ipairs { "", ".dist" } do
  for _, folder in ipairs { "/usr/local/etc/Kamaelia/", "/usr/local/etc/", "/etc/Kamaelia/", "/etc/", "./" } do
    table.insert(config.places, folder .. "greylist.conf" .. ending)
  end
end

local lists_of = { list = true, addresses = true, files = true }

-- A path as it is meant: from the folder of the file that names it.
local function beside(file, path)
  if path:find "^/" then return path end
  return (file:match "^.*/" or "") .. path
end

-- Is it called as Kamaelia's file was?
local function is_original(file) return file:find "greylist%.conf[^/]*$" ~= nil end

-- --- reading ---

local Reader = {}
Reader.__index = Reader

-- A triple is a list of words.
local function item_of(text)
  local words = {}
  for word in text:gmatch "%S+" do words[#words + 1] = word end
  return words
end

function Reader:add_item(key, text, place)
  local item = key.words and item_of(text) or text
  if key.kind == "addresses" then
    local value, why, mend = values.address(text)
    if not value then return self.found:error(place, why, mend) end
    item = value
  elseif key.kind == "files" then
    item = beside(place.file, text)
  end
  self.items[key.name] = self.items[key.name] or {}
  self.item_places[key.name] = self.item_places[key.name] or {}
  table.insert(self.items[key.name], item)
  table.insert(self.item_places[key.name], place)
end

function Reader:set(key, text, place)
  if lists_of[key.kind] then -- one value is a list of one
    return self:add_item(key, text, place)
  end
  if self.set_at[key.name] then
    self.found:risk(place, ("%s was set before, in line %d: this one counts"):format(key.name,
      self.set_at[key.name].line))
  end
  local value, why, mend = values[key.kind](text, key)
  if value == nil then return self.found:error(place, ("%s: %s"):format(key.name, why), mend and
    ("%s = %s"):format(key.name, mend)) end
  self.set_at[key.name] = place
  self.given[key.name] = value
end

function Reader:key_of(name, place)
  local key = config.keys[name]
  if key then return key end
  local near = problems.nearest(name, config.names)
  local why, mend = ("there is no key %s"):format(name), near and "it may be " .. near
  -- Kamaelia passed over what it did not know, and its files may have it
  if is_original(place.file) then return self.found:risk(place, why, mend) end
  self.found:error(place, why, mend)
end

-- Kamaelia had comments only in the first column: a text of its files may have a # behind a space.
function Reader:old_text(text, place)
  local name, value = text:match "^([%w_]+)%s*=%s*(.-)%s*$"
  local key = name and value:find "%s#" and is_original(place.file) and config.keys[name]
  if not key or key.kind ~= "text" then return false end
  self.found:risk(place, name .. ": the # and what is behind it belong to the value, as they did for Kamaelia")
  self:set(key, value, place)
  return true
end

function Reader:line(text, place)
  if self:old_text(text, place) then
    self.list = nil
    return
  end
  local indented = text:find "^%s"
  local body = (" " .. text):gsub("%s#.*$", ""):match "^%s*(.-)%s*$"
  if body == "" then
    if not text:find "#" then self.list = nil end
    return
  end
  if indented and self.list then return self:add_item(self.list, body, place) end
  self.list = nil
  local included = body:match "^include%s+(.+)$"
  if included then return self:file(beside(place.file, included), place) end
  local name, value = body:match "^([%w_]+)%s*=%s*(.*)$"
  if name then
    local key = self:key_of(name, place)
    return key and self:set(key, value, place)
  end
  name = body:match "^([%w_]+)%s*:$"
  if not name then
    return self.found:error(place, "this is neither key = value nor the beginning of a list", "key = value")
  end
  local key = self:key_of(name, place)
  if key and not lists_of[key.kind] then
    return self.found:error(place, ("%s is no list"):format(name), ("%s = …"):format(name))
  end
  self.list = key or { kind = "list", name = "?" } -- the items of one that is not known are told of once
end

function Reader:file(path, from)
  if self.depth >= DEEPEST then return self.found:error(from, "files include one another without end") end
  local f, why = io.open(path, "rb")
  local text = f and (f:read(MOST + 1) or f:seek "end" == 0 and "")
  if f then f:close() end
  if not text then return self.found:error(from, "cannot read " .. tostring(why or path)) end
  if #text > MOST then return self.found:error(from, ("%s is longer than 1 MB"):format(path)) end
  local line, list = 0, self.list
  self.depth, self.list = self.depth + 1, nil
  for source in (text .. "\n"):gmatch "(.-)\r?\n" do
    line = line + 1
    self:line(source, { file = path, line = line, source = source })
  end
  self.depth, self.list = self.depth - 1, list
end

-- --- the whole ---

local function host_name()
  local f <close> = io.open "/proc/sys/kernel/hostname"
  return f and f:read "l" or "localhost"
end

-- What is set, with what is not.
local function completed(reader, path)
  local preset = reader.given.preset or "usual"
  local out = { places = reader.item_places, file = path }
  for name, key in pairs(config.keys) do
    local value = reader.given[name]
    if value == nil and preset ~= "usual" then value = key[preset] end
    if value == nil then value = key.default end
    if lists_of[key.kind] then
      value = table.move(key.default, 1, #key.default, 1, {})
      out.places[name] = out.places[name] or {}
      local places, items = {}, reader.items[name] or {}
      for i, item in ipairs(items) do
        value[#value + 1] = item
        places[#value] = out.places[name][i]
      end
      out.places[name] = places
    end
    out[name] = value
  end
  if out.servername == "" then out.servername = host_name() end
  return out
end

-- There is nothing at a path. What only cannot be read may have been, before Grey gave up root.
local function is_missing(path)
  local f, _, code = io.open(path, "rb")
  if f then f:close() end
  return code == 2 -- ENOENT
end

local function is_there(name, file)
  for line in io.lines(file) do
    if line:match "^[^:]*" == name then return true end
  end
end

-- Where a configuration listens: { host =, port = } each.
function config.doors(c)
  return #c.listen > 0 and c.listen or { { host = "", port = c.port } }
end

-- What a value names must be there: files, a user, a group, a server that is not Grey itself.
local function check_named(c, found, at)
  for _, name in ipairs { "tls_certificate", "tls_key" } do
    if c[name] ~= "" and is_missing(c[name]) then
      found:error(at(name), ("%s: there is no %s"):format(name, c[name]))
    end
  end
  local folder = c.database:match "^(.+)/[^/]*$"
  if folder and is_missing(folder) then
    found:error(at "database", ("database: there is no folder %s"):format(folder), "mkdir -p " .. folder)
  end
  for name, file in pairs { user = "/etc/passwd", group = "/etc/group" } do
    local by_name = c[name] ~= "" and not c[name]:find "^%d+$"
    if by_name and not is_missing(file) and not is_there(c[name], file) then
      found:risk(at(name), ("there is no %s %s in %s"):format(name, c[name], file))
    end
  end
  if c.smtp_ip == "" then
    return found:error(at "smtp_ip", "smtp_ip: no server is named to which mail goes", "smtp_ip = 127.0.0.1")
  end
  local here = c.smtp_ip:find "^127%." or c.smtp_ip == "::1" or c.smtp_ip == "localhost"
  for _, door in ipairs(config.doors(c)) do
    local any = door.host == "" or door.host == "0.0.0.0" or door.host == "::"
    if door.port == c.smtp_port and (door.host == c.smtp_ip or any and here) then
      found:error(at "smtp_port", "smtp_ip and smtp_port are Grey's own: mail would go round for ever",
        "smtp_port = 10025")
    end
  end
end

local function check_servers(c, found, places)
  for i, server in ipairs(c.name_servers) do
    local host, port = server:match "^%[([%x:.]+)%]:(%d+)$"
    if not host then host, port = server:match "^([%d.]+):(%d+)$" end
    if not networks.address(host or server) or tonumber(port) and tonumber(port) > 65535 then
      found:error(places[i], ("%q is no address of a server of the DNS"):format(server), "192.0.2.53")
    end
  end
end

-- What one value means for another.
local function check_together(c, reader)
  local function at(name) return reader.set_at[name] or { file = c.file } end
  if c.delay >= c.retry_window then
    reader.found:error(at "delay", "delay is not shorter than retry_window: nothing would ever pass")
  end
  if c.too_soon > c.delay then reader.found:error(at "too_soon", "too_soon is longer than delay") end
  if #c.allowed_domains == 0 then
    reader.found:risk({ file = c.file }, "allowed_domains is empty: nobody but allowed_senders gets mail through",
      "allowed_domains:\n    example.org")
  end
  check_named(c, reader.found, at)
  check_servers(c, reader.found, reader.item_places.name_servers or {})
  if c.tls_key ~= "" and c.tls_certificate == "" then
    reader.found:error(at "tls_key", "there is a key, but no tls_certificate")
  end
  for _, name in ipairs { "policy_listen", "metrics_listen" } do
    if c[name] ~= "" then
      local value, why, mend = values.address(c[name])
      if value then c[name] = value else reader.found:error(at(name), why, ("%s = %s"):format(name, mend)) end
    else
      c[name] = nil
    end
  end
  if c.greylist_debuglog ~= "" then
    reader.found:risk(at "greylist_debuglog", "greylist_debuglog is not used", "kam --trace grey")
  end
end

-- Reads a file: the configuration, and the list of its problems. With errors in that, it is not
-- to be used.
function config.read(path)
  local reader = setmetatable({ found = problems.new(), given = {}, items = {}, item_places = {}, set_at = {},
    depth = 0 }, Reader)
  reader:file(path, { file = path })
  local c = completed(reader, path)
  check_together(c, reader)
  lists.new(c, reader.found)
  return c, reader.found
end

-- The file to read: the one that is named, or else the first that is there; or nil.
function config.find(path)
  if path then return path end
  for _, place in ipairs(config.places) do
    local f = io.open(place)
    if f then
      f:close()
      return place
    end
  end
end

return config
