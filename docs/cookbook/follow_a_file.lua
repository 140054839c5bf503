-- A log, read on as it grows, until a line says that it is over.
local kam = require "kam"

local function append(line)
  kam.Pipeline { kam.OneShot(line), kam.FileWriter { "today.log", mode = "append", lines = true } }:activate()
end

assert(io.open("today.log", "w")):close() -- it is there when the reader begins
append "it begins"

-- With `follow` a FileReader does not end at the end of the file.
kam.Pipeline {
  kam.FileReader { "today.log", lines = true, follow = true },
  kam.main(function(self)
    for line in self:messages() do
      print(line)
      if line == "it begins" then append "it goes on" end
      if line == "it goes on" then append "it is over" end
      if line == "it is over" then return end -- and with it the reader ends
    end
  end),
}:run()
--> it begins
--> it goes on
--> it is over
