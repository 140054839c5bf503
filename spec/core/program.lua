-- program: the programs in C that CMake makes of the files in this folder and others, run
-- from where the host lies, so that each build tries its own.

local program = {}

local seconds = 300 -- for the slowest, under sanitizers

-- The folder of the program that runs this.
local function folder()
  local pipe <close> = io.popen "readlink /proc/$PPID/exe"
  return pipe:read("a"):match "^(.*)/[^/]*\n?$"
end

-- The path of what CMake has made of that name.
function program.path(name) return folder() .. "/" .. name end

-- Runs one with these arguments: all it wrote, its last line, and true if it
-- ended with 0; the third is otherwise its exit status, or the signal.
function program.run(name, ...)
  local words = { "timeout", "--kill-after=5", seconds, folder() .. "/" .. name, ... }
  for i, word in ipairs(words) do words[i] = "'" .. tostring(word):gsub("'", "'\\''") .. "'" end
  local pipe = io.popen(table.concat(words, " ") .. " 2>&1 </dev/null")
  local text = pipe:read "a"
  local ok, _, status = pipe:close()
  return text, text:match "([^\n]*)\n$" or "", ok or status
end

-- Runs one, which must end with 0 and this last line (a pattern).
function program.passes(name, last, ...)
  local text, line, status = program.run(name, ...)
  assert(status == true and line:find(last), ("%s ended with %s:\n%s"):format(name, status, text))
end

return program
