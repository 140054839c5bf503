-- A file that another component writes is followed, until that is enough.
local kam = require "kam"

local name = os.tmpname()

local function write(self)
  for n = 1, 2 do
    self:sleep(0.03)
    local f <close> = assert(io.open(name, "a"))
    f:write("line ", n, "\n")
  end
end

kam.Par {
  kam.main(write),
  kam.Pipeline { kam.FileReader { name, lines = true, follow = true }, kam.Take(2), kam.ConsoleEchoer() },
}:run()
os.remove(name)

--> line 1
--> line 2
