-- prompt: types what a page shows at the prompt of a terminal of tmux's.
--
-- A line that begins with > or >> is typed, with the keys that stand in it as <Tab> or
-- <C-c>, and Enter. The lines below it are to appear after it, whole and in this order;
-- others may come between them, as do those of components that go on running. Where … stands
-- at the end of a line, there may be more of it.

local terminal = require "spec.lua.terminal"

local prompt = { here = terminal.here }
prompt.__index = prompt

local PATIENCE = 20 -- seconds that what is to appear may take
local LINES = 500 -- of the terminal: what a page types has to fit in

-- A prompt that waits in a folder that has ./kam in it. Close it.
function prompt.new(folder)
  local t = terminal.new(("cd '%s' && XDG_STATE_HOME=\"$PWD/.state\" exec ./kam"):format(folder), 100, LINES)
  local self = setmetatable({ terminal = t }, prompt)
  t:wait "\n>"
  return self
end

local function lines_of(text)
  local list = {}
  for line in (text .. "\n"):gmatch "(.-)\n" do list[#list + 1] = (line:gsub("%s+$", "")) end
  return list
end

-- Waits until what is there, as test(lines) has it; gives its value, or nil and the lines.
function prompt:await(test)
  local lines
  for _ = 1, PATIENCE * 20 do
    lines = lines_of(self.terminal:screen())
    local found = test(lines)
    if found then return found, lines end
    os.execute "sleep 0.05"
  end
  return nil, lines
end

-- Types a line as a page has it, up to Enter.
function prompt:enter(text)
  local t = self.terminal
  while text ~= "" do
    local from, to, key = text:find "<(%u[%w-]*)>"
    local plain = text:sub(1, (from or #text + 1) - 1)
    if plain ~= "" then
      t:type(plain)
      local seen = plain:gsub("%s+$", "") -- a screen has no blanks at the ends of lines
      self:await(function(lines) return seen == "" or lines[#lines]:sub(-#seen) == seen end)
    end
    if key then
      local before = t:screen()
      t:press(key)
      self:await(function() return t:screen() ~= before end)
    end
    text = text:sub((to or #text) + 1)
  end
  local typed = #lines_of(t:screen())
  t:press "Enter"
  return typed
end

local function is_like(line, wanted)
  local beginning = wanted:match "^(.*)…$"
  return line == wanted or beginning and line:sub(1, #beginning) == beginning
end

-- Are these lines there in this order, after so many?
local function appear(lines, after, wanted)
  local at = after
  for _, line in ipairs(wanted) do
    repeat
      at = at + 1
      if at > #lines then return false end
    until is_like(lines[at], line)
  end
  return true
end

-- Types the lines of a block and waits for what it shows: nil, or what did not come, and
-- the lines that there were.
function prompt:does(body)
  local at, wanted
  local function look()
    if not at then return nil end
    local ok, lines = self:await(function(lines) return appear(lines, at, wanted) end)
    if not ok then return table.concat(wanted, "\n"), table.concat(lines, "\n") end
  end
  for line in body:gmatch "([^\n]*)\n" do
    local typed = line:match "^>>? (.*)$"
    if typed then
      local missing, lines = look()
      if missing then return missing, lines end
      at, wanted = self:enter(typed), {}
    else
      table.insert(wanted, line)
    end
  end
  return look()
end

function prompt:__close() self.terminal:__close() end

return prompt
