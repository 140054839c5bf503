-- launch: scripts, pieces of code and one-liners, run as the command runs them.

local core = require "kam.core"
local flags = require "kam.flags"
local report = require "kam.report"
local script = require "kam.script"

local launch = {}

-- Says what is wrong with the usage; gives the exit status.
function launch.wrong(text)
  local e = report.new("E0702", text)
  e.file = nil
  report.say(tostring(e))
  report.say "  kam --help says how"
  return 2
end

local function set_arg(name, words)
  local all = { [0] = name }
  for i, word in ipairs(words) do all[i] = word end
  all[-1] = arg[0]
  _G.arg = all
end

local function apply()
  local err = flags.apply()
  if err then report.say("kam: " .. err) end
  return not err
end

-- A text as a chunk, kept for reports; name is a path, or "=what it is".
local function load_script(text, name)
  report.sources[(name:gsub("^=", ""))] = text
  return script.load(text, name:find "^=" and name or "@" .. name)
end

-- Runs a text; name is a path, or "=what it is". Gives the exit status.
function launch.text(text, name, words)
  set_arg(name, words)
  if not apply() then return 1 end
  local chunk, status = load_script(text, name)
  if not chunk then return status end
  return script.run(chunk, table.unpack(words))
end

-- A path, or that of the main.lua in it; its folder is searched first by require.
local function prepare(path)
  if path ~= "-" and core.list(path) then path = path .. "/main.lua" end
  local folder = path:match "^(.*)/[^/]*$" or "."
  package.path = ("%s/?.lua;%s/?/init.lua;%s"):format(folder, folder, package.path)
  return path
end

-- The text of a script, or of the main.lua of a folder, and its name; "-" is the standard
-- input. Says so if it cannot be read, and gives nil and the exit status. The words become
-- arg, if they are given.
function launch.read(path, words)
  path = prepare(path)
  local text, err = script.read(path)
  if text then
    local name = path == "-" and "=stdin" or path
    if words then set_arg(name, words) end
    return text, name
  end
  report.say("kam: cannot read " .. err)
  return nil, 2
end

-- Runs a script.
function launch.file(path, words)
  local text, name = launch.read(path)
  if not text then return name end
  return launch.text(text, name, words)
end

-- What a script, or a system in one line, would run: its components; or nil and the exit
-- status.
function launch.note(what, words)
  local f = io.open(what, "r")
  if f then f:close() end
  if not f and what ~= "-" and not what:find "%.lua$" then
    set_arg(what, {})
    report.sources["command line"] = what
    return script.note(function() require "kam.oneline".parse(require "kam", what):run() end)
  end
  local text, name = launch.read(what, words)
  if not text then return nil, name end
  local chunk, status = load_script(text, name)
  if not chunk then return nil, status end
  return script.note(chunk, table.unpack(words))
end

-- Runs a system in one line.
function launch.line(line)
  local kam = require "kam"
  set_arg(line, {})
  if not apply() then return 1 end
  report.sources["command line"] = line
  return script.run(function() require "kam.oneline".parse(kam, line):run() end)
end

return launch
