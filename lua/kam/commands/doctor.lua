local core = require "kam.core"
local flags = require "kam.flags"
local library = require "kam.library"

local function capture(command)
  local f <close> = io.popen(command .. " 2>/dev/null")
  return f and f:read "l" or ""
end

local function is_there(path)
  local f <close> = io.open(path, "r")
  return f ~= nil
end

-- Of a checkout: can what is built be written? Else an installed kam, which needs no more.
local function look_at_build(root, say)
  if not is_there(root .. "/CMakeLists.txt") then
    say("build", "ok", "installed; components in C need a checkout")
    return
  end
  local folder = core.list(root .. "/build") and root .. "/build" or root
  local quoted = "'" .. folder:gsub("'", "'\\''") .. "'"
  local writable = os.execute("test -w " .. quoted)
  say("build", writable and "ok" or "note", folder .. (writable and "" or " cannot be written"),
    not writable and "chown it to the user who builds" or nil)
end

-- Each is { what, "ok" | "note" | "missing", text, mend }.
local function looks(cli)
  local list = {}
  local function say(what, state, text, mend)
    list[#list + 1] = { what = what, state = state, text = text, mend = mend }
  end
  say("kam", "ok", ("%s on %s, in %s"):format(cli.version, _VERSION, cli.root))
  local lua, libuv = core.versions()
  say("Lua", "ok", lua)
  say("libuv", "ok", libuv)
  look_at_build(cli.root, say)
  local all, names = pcall(library.all)
  if not all then
    say("components", "missing", tostring(names), "mend or remove that file")
    return list
  end
  local n = #names
  say("components", n > 0 and "ok" or "missing", ("%d"):format(n), n == 0 and "build or install again" or nil)
  for _, entry in ipairs(library.missing()) do
    say(entry.name, "note", "not in this build: it needs " .. entry.needs,
      ("install the headers of %s and build again"):format(entry.needs))
  end
  local files = capture "ulimit -n"
  local few = tonumber(files) and tonumber(files) < 1024
  say("open files", few and "note" or "ok", files, few and "ulimit -n 4096 before kam" or nil)
  local busted = package.searchpath("busted.runner", package.path)
  say("busted", busted and "ok" or "note", busted and "there" or "not there: kam test needs it",
    not busted and "install lua-busted" or nil)
  say("terminal", core.terminal() and "ok" or "note", core.terminal() and "there"
    or "input or output is none: --step and --choose need one",
    not core.terminal() and "call kam without a pipe" or nil)
  return list
end

return {
  usage = { { "kam doctor", "what this build and machine can and cannot do" } },
  main = function(_, cli)
    local list, status = looks(cli), 0
    for _, entry in ipairs(list) do
      if entry.state == "missing" then status = 1 end
      if not flags.values.json then
        print(("%-8s %-16s %s%s"):format(entry.state, entry.what, entry.text,
          entry.mend and "; " .. entry.mend or ""))
      end
    end
    if flags.values.json then print(require "kam.json".encode(list)) end
    return status
  end,
}
