-- library: the components by name, found when they are asked for.
--
-- One file is one component, components/FAMILY/file_name.lua or .c, and its
-- name is FileName. The C ones are in the binary; the Lua ones are read from the
-- folder beside lua/.

local core = require "kam.core"
local component = require "kam.component"
local near = require "kam.near"

local library = {}

-- The folder that holds lua/ and components/.
local root = debug.getinfo(1, "S").source:match "^@(.*)/lua/kam/library%.lua$" or "."
library.root = root

-- "console_reader" and "ConsoleReader" are "consolereader".
local function squashed(name)
  return (name:gsub("_", ""):lower())
end

local index -- squashed name to { path =, family =, make =, name = }

local function add_builtins()
  local i = 1
  while true do
    local d, kind = core.builtin(i)
    if not d then return end
    index[squashed(d.name)] = { name = d.name, family = d.family, make = component.builtin(d, kind) }
    i = i + 1
  end
end

-- What this build lacks is known by name and reason.
local function add_missing()
  local i = 1
  while true do
    local file, family, needs = core.missing(i)
    if not file then return end
    local name = ("_" .. file):gsub("_(%l)", string.upper)
    index[squashed(file)] = { name = name, family = family, needs = needs }
    i = i + 1
  end
end

local function add_files()
  local families = core.list(root .. "/components") or {}
  table.sort(families)
  for _, family in ipairs(families) do
    local files = core.list(root .. "/components/" .. family) or {}
    table.sort(files)
    for _, file in ipairs(files) do
      local stem = file:match "^([%w_]+)%.lua$"
      if stem then
        index[squashed(stem)] = { family = family, path = ("%s/components/%s/%s"):format(root, family, file) }
      end
    end
  end
end

local function add_made(make)
  local d = component.declaration(make)
  if d then index[squashed(d.name)] = { name = d.name, family = d.family, make = make } end
end

local function entries()
  if not index then
    index = {}
    add_builtins()
    add_missing()
    add_files()
    for _, make in pairs(require "kam.chassis") do add_made(make) end
    add_made(require "kam.supervisor")
  end
  return index
end

local function load_entry(entry)
  if entry.make then return end
  local make = assert(loadfile(entry.path, "t"))()
  local d = assert(component.declaration(make), entry.path .. " gives no component")
  d.family = entry.family
  entry.name, entry.make = d.name, make
end

-- The constructor of that name; or nil, and if this build lacks it the library that it
-- needs.
function library.find(name)
  local entry = entries()[squashed(name)]
  if not entry then return nil end
  if entry.needs then return nil, entry.needs end
  load_entry(entry)
  return entry.name == name and entry.make or nil
end

-- Is there a component of that name, but for capitals and underscores?
function library.spelt(name) return entries()[squashed(name)] ~= nil end

-- All components: a list of { name =, family =, make = }, sorted by name.
function library.all()
  local list = {}
  for _, key in ipairs(near.names(entries())) do
    if not index[key].needs then
      load_entry(index[key])
      list[#list + 1] = index[key]
    end
  end
  table.sort(list, function(a, b) return a.name < b.name end)
  return list
end

-- Those that this build lacks: a list of { name =, family =, needs = }, sorted by name.
function library.missing()
  local list = {}
  for _, key in ipairs(near.names(entries())) do
    if index[key].needs then list[#list + 1] = index[key] end
  end
  return list
end

function library.names()
  local names = {}
  for i, entry in ipairs(library.all()) do names[i] = entry.name end
  return names
end

return library
