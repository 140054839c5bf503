-- terminal: a terminal of tmux's in which a spec types, and reads the screen.
local terminal = {}
terminal.__index = terminal

local PATIENCE = 20 -- seconds that a text may take to appear

local function capture(command)
  local f <close> = assert(io.popen(command .. " 2>/dev/null"))
  return f:read "a"
end

-- Is there a tmux?
function terminal.here()
  return capture "tmux -V":find "^tmux" ~= nil
end

local serial = 0

-- A terminal of that size in which a command runs. Close it.
function terminal.new(command, columns, lines)
  serial = serial + 1
  local self = setmetatable({ socket = os.tmpname() .. serial }, terminal)
  self:tmux(("new-session -d -x %d -y %d -s t %s"):format(columns or 100, lines or 40, terminal.quote(command)))
  self:tmux "set-option -g remain-on-exit on"
  return self
end

function terminal.quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

function terminal:tmux(words)
  return capture(("tmux -f /dev/null -S %s %s"):format(self.socket, words))
end

-- Types keys by tmux's names, or a text as it is.
function terminal:press(...)
  for _, key in ipairs { ... } do self:tmux("send-keys -t t " .. key) end
end

function terminal:type(text)
  self:tmux("send-keys -t t -l " .. terminal.quote(text))
end

-- What stands on the screen, without the blanks at the ends of lines.
function terminal:screen()
  return (self:tmux "capture-pane -t t -p":gsub("%s+$", ""))
end

-- Waits until a plain text stands on the screen; gives the screen.
function terminal:wait(text)
  local screen
  for _ = 1, PATIENCE * 20 do
    screen = self:screen()
    if screen:find(text, 1, true) then return screen end
    os.execute "sleep 0.05"
  end
  error(("%q did not come; the screen is:\n%s"):format(text, screen), 2)
end

function terminal:__close()
  self:tmux "kill-server"
  os.remove(self.socket)
end

return terminal
