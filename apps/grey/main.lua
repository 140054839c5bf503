-- grey: greylisting in front of a mail server, or as its policy server.
--
-- Each command is a file of commands/ that gives
--
--   usage  lines of the help, each { words, what they do }
--   main   function(words, path): gives the exit status, or nil for 0; path is what -c
--          named, or nil
--
-- Without a command it is `run`.

local commands = { "run", "check", "sample", "manual", "list", "release", "whitelist", "delete", "stats", "dump",
  "import" }

local function say(text) io.stderr:write(text, "\n") end

-- The command of a name; nil if there is no such file.
local function command(name)
  local module = "commands." .. name
  return package.searchpath(module, package.path) and require(module) or nil
end

local function help()
  print "kam grey: greylisting in front of a mail server, or as its policy server\n"
  for _, name in ipairs(commands) do
    local found = command(name)
    for _, line in ipairs(found and found.usage or {}) do print(("  %s%s %s"):format(line[1],
      (" "):rep(46 - utf8.len(line[1])), line[2])) end
  end
  print(("  %-46s %s"):format("-c FILE", "the configuration, else the first of those that `check` names"))
  print "\nexit: 0 done, 1 failed, 2 wrong usage or a configuration with which it does not run"
end

local function wrong(text)
  say("error: " .. text)
  say "  kam grey --help says how"
  return 2
end

-- Takes -c FILE, wherever it stands: the file, or nil; and what is wrong.
local function take_path(words)
  local path
  for i = #words, 1, -1 do
    if words[i] == "-c" then
      if not words[i + 1] then return nil, "-c needs a file" end
      table.remove(words, i)
      path = table.remove(words, i)
    end
  end
  return path
end

local function main(words)
  local path, err = take_path(words)
  if err then return wrong(err) end
  local name = words[1] and table.remove(words, 1) or "run"
  if name == "--help" or name == "-h" or name == "help" then return help() end
  local found = name:find "^%l+$" and command(name)
  if found then return found.main(words, path) end
  local known = {}
  for _, other in ipairs(commands) do known[#known + 1] = command(other) and other end
  return wrong(("grey has no command %s; it has: %s"):format(name, table.concat(known, ", ")))
end

local status = main { ... }
if status and status ~= 0 then os.exit(status) end
