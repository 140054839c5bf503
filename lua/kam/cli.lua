-- cli: the command kam: which of its commands is meant. Each is a file of
-- commands/, found by its name, that gives
--
--   usage   lines of the help, each { words, what they do }
--   takes   "run": flags may stand before its words, which are the script's own;
--           "words": all words are its own; else flags may stand anywhere
--   main    function(words, cli): gives the exit status
--
-- An application is a folder of apps/ with a main.lua, which is run as a script is; its
-- first line is a comment, "name: what it does".

local core = require "kam.core"
local flags = require "kam.flags"
local launch = require "kam.launch"
local near = require "kam.near"
local report = require "kam.report"

local cli = { root = nil, version = nil }

-- --- help ---

local first_lines = {
  { "kam FILE.lua [args]", "run a system script; kam - reads it from the standard input" },
  { "kam -e CODE", "run a piece of code" },
  { "kam bench [ROW]", "measure, beside other systems" },
}

local last_lines = [[
exit: 0 done, 1 the program failed, 2 wrong usage or a graph that cannot be built,
3 stalled, 130 SIGINT, 143 SIGTERM
]]

-- The names of the commands that are files, sorted.
function cli.names()
  local names = {}
  for _, file in ipairs(core.list(cli.root .. "/lua/kam/commands") or {}) do
    names[#names + 1] = file:match "^(%l+)%.lua$"
  end
  table.sort(names)
  return names
end

function cli.command(name)
  return require("kam.commands." .. name)
end

local function has(list, name)
  for _, other in ipairs(list or {}) do
    if other == name then return true end
  end
  return false
end

-- The names of the applications, sorted.
function cli.applications()
  local names = {}
  for _, name in ipairs(core.list(cli.root .. "/apps") or {}) do
    if has(core.list(cli.root .. "/apps/" .. name), "main.lua") then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

-- The words that an application takes first: the names of the files of its commands/.
function cli.application_words(name)
  local words = {}
  for _, file in ipairs(core.list(("%s/apps/%s/commands"):format(cli.root, name)) or {}) do
    words[#words + 1] = file:match "^(%l+)%.lua$"
  end
  table.sort(words)
  return words
end

local function summary(name)
  local f <close> = io.open(("%s/apps/%s/main.lua"):format(cli.root, name), "r")
  return f and (f:read "l" or ""):match "^%-%- [%w_]+: (.-)%.?$" or ""
end

function cli.usage()
  local lines = { "kam: concurrent systems of components that send each other messages", "" }
  local function add(line) lines[#lines + 1] = ("  %-30s %s"):format(line[1], line[2]) end
  for _, line in ipairs(first_lines) do add(line) end
  for _, name in ipairs(cli.names()) do
    for _, line in ipairs(cli.command(name).usage) do add(line) end
  end
  lines[#lines + 1] = "\napplications, of which `kam NAME --help` tells more:"
  for _, name in ipairs(cli.applications()) do add { "kam " .. name, summary(name) } end
  lines[#lines + 1] = ""
  for _, name in ipairs(near.names(flags.all)) do
    add { flags.all[name].usage, flags.all[name].doc }
  end
  add { "--help, --version", "" }
  lines[#lines + 1] = "\n" .. last_lines
  return (table.concat(lines, "\n"):gsub(" +\n", "\n"))
end

-- --- words that are no files of commands/ ---

local words_of_ours = {}

words_of_ours["--help"] = function()
  io.write(cli.usage())
  return 0
end

words_of_ours["--version"] = function()
  print(("kam %s (%s)"):format(cli.version, _VERSION))
  return 0
end

words_of_ours["-h"], words_of_ours.help = words_of_ours["--help"], words_of_ours["--help"]

words_of_ours["-e"] = function(words)
  local code = table.remove(words, 1)
  if not code then return launch.wrong "-e needs a piece of code" end
  _G.kam = require "kam"
  return launch.text(code, "=command line", words)
end

-- --- which of them ---

local function all_names()
  local names = near.names(words_of_ours)
  for _, name in ipairs(cli.names()) do names[#names + 1] = name end
  for _, name in ipairs(cli.applications()) do names[#names + 1] = name end
  for _, name in ipairs(near.names(flags.all)) do names[#names + 1] = name end
  return names
end

-- Takes a flag off; nil, or the exit status if it makes no sense.
local function take(word, words)
  local ok, err = flags.take(word, words)
  if ok then return nil end
  if err then return launch.wrong(err) end
  local best = near.best(word, all_names())
  return launch.wrong(("there is no option %s%s"):format(word,
    best and ("; did you mean %s?"):format(best) or ""))
end

-- Flags among the words of a command: in front of a script, or anywhere.
local function take_among(words, takes)
  local i = 1
  while words[i] and takes ~= "words" do
    if words[i]:find "^%-%-%l" and flags.all[words[i]:match "^%-%-%w+"] then
      local status = take(table.remove(words, i), words)
      if status then return status end
    elseif takes == "run" then
      return words[i]:find "^%-%-%l" and take(words[i], words) or nil
    else
      i = i + 1
    end
  end
end

local function dispatch(words)
  local word = table.remove(words, 1)
  while word and word:find "^%-%-%l" and not words_of_ours[word] do
    local status = take(word, words)
    if status then return status end
    word = table.remove(words, 1)
  end
  if not word then
    if core.terminal() then return cli.command "repl".main({}, cli) end
    report.say(cli.usage())
    return 2
  end
  if words_of_ours[word] then
    local status = word == "-e" and take_among(words, "run")
    return status or words_of_ours[word](words)
  end
  if has(cli.names(), word) then
    local command = cli.command(word)
    return take_among(words, command.takes) or command.main(words, cli)
  end
  if has(cli.applications(), word) then return launch.file(("%s/apps/%s"):format(cli.root, word), words) end
  if word == "-" or word:find "[./]" or core.list(word) then return launch.file(word, words) end
  local f = io.open(word, "r")
  if f then
    f:close()
    return launch.file(word, words)
  end
  local best = near.best(word, all_names())
  return launch.wrong(("there is no command or file %s%s"):format(word,
    best and ("; did you mean kam %s?"):format(best) or ""))
end

-- os.exit from a script: what was to be written is written.
local function wrap_exit()
  local exit = os.exit
  function os.exit(code, close)
    io.stdout:flush()
    exit(code, close)
  end
end

return function(root, version)
  cli.root, cli.version = root, version
  wrap_exit()
  local words = {}
  for i = 1, #arg do words[i], flags.words[i] = arg[i], arg[i] end
  return dispatch(words)
end
