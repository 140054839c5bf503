-- cli: the command kam.

local core = require "kam.core"
local near = require "kam.near"
local report = require "kam.report"
local script = require "kam.script"

local cli = { root = nil, version = nil }

local usage = [[
kam: concurrent systems of components that send each other messages

  kam FILE.lua [args]           run a system script; kam - reads it from the standard input
  kam run FILE | 'A | B x=1'    run a script, or a system in one line
  kam -e CODE                   run a piece of code
  kam list [WORD]               the components of the library
  kam doc [NAME]                what a component does
  kam test [PATH]               run specs on a virtual clock
  kam explain CODE              what an error code means
  kam env                       the variables with which plain lua5.4 finds kam
  kam bench [ROW]               measure, beside other systems

  --seed N                      another order of runs, the same for the same N
  --trace[=FILE] [--json]       a line for each message that moves
  --help, --version

exit: 0 done, 1 the program failed, 2 wrong usage or a graph that cannot be built,
3 stalled, 130 SIGINT, 143 SIGTERM
]]

local function wrong(text)
  report.say(tostring(setmetatable({ code = "E0702", message = text }, getmetatable(report.new("E0702", text)))))
  report.say "  kam --help says how"
  return 2
end

-- --- options that go with any run ---

local flags = { json = false, trace = nil, seed = nil }

local function take_flag(word, rest)
  if word == "--json" then
    flags.json = true
  elseif word == "--trace" then
    flags.trace = true
  elseif word:find "^%-%-trace=." then
    flags.trace = word:match "^%-%-trace=(.*)$"
  elseif word == "--seed" or word:find "^%-%-seed=" then
    local n = word:match "^%-%-seed=(.*)$" or table.remove(rest, 1)
    flags.seed = math.tointeger(tonumber(n))
    if not flags.seed then return wrong("--seed needs a whole number, got " .. tostring(n)) end
  else
    return false
  end
end

local function apply_flags()
  if flags.seed then
    core.configure { seed = flags.seed }
    math.randomseed(flags.seed)
  end
  if not flags.trace then return true end
  local ok, err = core.trace(flags.trace ~= true and flags.trace or nil, flags.json)
  if ok then return true end
  report.say("kam: cannot write the trace: " .. tostring(err))
  return false
end

-- --- commands ---

local function set_arg(name, words)
  local all = { [0] = name }
  for i, word in ipairs(words) do all[i] = word end
  all[-1] = arg[0]
  _G.arg = all
end

local function run_text(text, name, words)
  set_arg(name, words)
  if not apply_flags() then return 1 end
  local chunk_name = name:find "^=" and name or "@" .. name
  report.sources[(name:gsub("^=", ""))] = text
  local chunk, status = script.load(text, chunk_name)
  if not chunk then return status end
  return script.run(chunk, table.unpack(words))
end

local function run_file(path, words)
  local main = path .. "/main.lua"
  if path ~= "-" and core.list(path) then path = main end
  local text, err = script.read(path)
  if not text then
    report.say("kam: cannot read " .. err)
    return 2
  end
  local folder = path:match "^(.*)/[^/]*$" or "."
  package.path = ("%s/?.lua;%s/?/init.lua;%s"):format(folder, folder, package.path)
  return run_text(text, path == "-" and "=stdin" or path, words)
end

local function run_line(line)
  local kam = require "kam"
  set_arg(line, {})
  if not apply_flags() then return 1 end
  report.sources["command line"] = line
  return script.run(function() require "kam.oneline".parse(kam, line):run() end)
end

local commands = {}

function commands.run(words)
  local what = table.remove(words, 1)
  if not what then return wrong "run needs a file or a system" end
  local f = io.open(what, "r")
  if f then
    f:close()
    return run_file(what, words)
  end
  if what:find "%.lua$" and not what:find "|" and not what:find "%s" then return run_file(what, words) end
  return run_line(what .. (#words > 0 and " " .. table.concat(words, " ") or ""))
end

function commands.list(words)
  local doc = require "kam.doc"
  local found = doc.find(words[1])
  if flags.json then
    local list = {}
    for i, d in ipairs(found) do list[i] = { name = d.name, family = d.family, summary = d.summary } end
    print(require "kam.json".encode(list))
    return 0
  end
  for _, d in ipairs(found) do print(("%-16s %-10s %s"):format(d.name, d.family, d.summary)) end
  if #found == 0 then
    report.say(("kam: no component has %q in its name or summary"):format(words[1]))
    return 1
  end
  return 0
end

function commands.doc(words)
  local doc, library, component = require "kam.doc", require "kam.library", require "kam.component"
  if not words[1] then return commands.list(words) end
  require "kam"
  local make = library.find(words[1])
  if not make and words[1]:find "%.lua$" then make = dofile(words[1]) end
  local d = make and component.declaration(make)
  if not d then
    local best = near.best(words[1], library.names())
    report.say(("kam: there is no component %s%s"):format(words[1],
      best and ("; did you mean %s?"):format(best) or ""))
    return 2
  end
  io.write(flags.json and require "kam.json".encode(doc.data(d)) .. "\n" or doc.page(d))
  return 0
end

function commands.test(words)
  return require "kam.spec".run(cli.root, words)
end

function commands.explain(words)
  local codes = require "kam.codes"
  local code = (words[1] or ""):upper()
  local entry = codes[code]
  if type(entry) ~= "table" then
    if words[1] then
      report.say(("kam: there is no error code %s"):format(words[1]))
      return 2
    end
    for _, name in ipairs(near.names(codes)) do
      if type(codes[name]) == "table" then print(("%s  %s"):format(name, codes[name].title)) end
    end
    return 0
  end
  print(("%s: %s"):format(code, entry.title))
  if entry.why ~= "" then print("\n  " .. entry.why) end
  if entry.wrong ~= "" then print("\nwrong\n  " .. entry.wrong) end
  if entry.right ~= "" then print("\nright\n  " .. entry.right) end
  return 0
end

function commands.env()
  local root = cli.root
  local cpath = package.cpath:match "^[^;]*kam_modules[^;]*" or root .. "/build/kam_modules/?.so"
  print(("export LUA_PATH=%q"):format(root .. "/lua/?.lua;" .. root .. "/lua/?/init.lua;${LUA_PATH:-;}"))
  print(("export LUA_CPATH=%q"):format(cpath .. ";${LUA_CPATH:-;}"))
  return 0
end

commands["--help"] = function()
  io.write(usage)
  return 0
end

commands["--version"] = function()
  print(("kam %s (%s)"):format(cli.version, _VERSION))
  return 0
end

commands["-h"], commands.help = commands["--help"], commands["--help"]

commands["-e"] = function(words)
  local code = table.remove(words, 1)
  if not code then return wrong "-e needs a piece of code" end
  _G.kam = require "kam"
  return run_text(code, "=command line", words)
end

-- --- which of them ---

local function dispatch(words)
  local word = table.remove(words, 1)
  while word and word:find "^%-%-%a" and not commands[word] do
    local status = take_flag(word, words)
    if status == false then
      local names = near.names(commands)
      for _, flag in ipairs { "--seed", "--trace", "--json" } do names[#names + 1] = flag end
      local best = near.best(word, names)
      return wrong(("there is no option %s%s"):format(word, best and ("; did you mean %s?"):format(best) or ""))
    elseif status then
      return status
    end
    word = table.remove(words, 1)
  end
  if not word then
    report.say(usage)
    return 2
  end
  if commands[word] then
    -- flags may follow a command of ours; a script's own words are its own
    if word ~= "run" and word ~= "-e" and word ~= "test" then
      for i = #words, 1, -1 do
        if words[i] == "--json" then
          flags.json = true
          table.remove(words, i)
        end
      end
    else
      while words[1] and words[1]:find "^%-%-%a" and word ~= "test" do
        local status = take_flag(table.remove(words, 1), words)
        if status then return status end
      end
    end
    return commands[word](words)
  end
  if word == "-" or word:find "[./]" or core.list(word) then return run_file(word, words) end
  local f = io.open(word, "r")
  if f then
    f:close()
    return run_file(word, words)
  end
  local best = near.best(word, near.names(commands))
  return wrong(("there is no command or file %s%s"):format(word,
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
  for i = 1, #arg do words[i] = arg[i] end
  return dispatch(words)
end
