-- place: a temporary folder in which specs run the command kam as a shell does.
-- Seconds that a command may take: far more than it needs, also with sanitizers.
local PATIENCE = 60

local place = {}
place.__index = place

local function read(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

local function capture(command)
  local f <close> = assert(io.popen(command))
  return (f:read "a":gsub("\n$", ""))
end

local stat <close> = assert(io.open "/proc/self/stat")

-- This host; also when it is being built anew meanwhile.
local host = ("/proc/%d/exe"):format((stat:read "n"))

-- The command that prints a free port.
place.free_port = ("python3 '%s/spec/free_port.py'"):format(capture "pwd")

-- A sanitizer's module cannot be loaded by a plain lua5.4.
place.sanitized = capture("readlink " .. host):find "%-[at]san/" ~= nil

-- A folder with the files of a table, name to text. Close it to remove it.
function place.new(files)
  local self = setmetatable({ folder = capture "mktemp -d" }, place)
  assert(os.execute(("mkdir '%s/bin' && ln -s %s '%s/bin/kam'"):format(self.folder, host, self.folder)))
  for name, text in pairs(files or {}) do self:write(name, text) end
  return self
end

function place:write(name, text)
  local folder = name:match "^(.*)/"
  if folder then os.execute(("mkdir -p '%s/%s'"):format(self.folder, folder)) end
  local f <close> = assert(io.open(self.folder .. "/" .. name, "wb"))
  f:write(text)
end

function place:read(name) return read(self.folder .. "/" .. name) end

-- Runs a command there, with input as its standard input: its output, what it
-- said, and its exit status.
function place:run(command, input)
  self:write("bin/input", input or "")
  self:write("bin/command", command)
  local _, how, status = os.execute(("cd '%s' && NO_COLOR=1 PATH=\"$PWD/bin:$PATH\" "
    .. "timeout -k 1 %d sh bin/command <bin/input >bin/out 2>bin/err"):format(self.folder, PATIENCE))
  return self:read "bin/out", self:read "bin/err", how == "exit" and status or 128 + status
end

function place:__close()
  os.execute(("rm -rf '%s'"):format(self.folder))
end

return place
