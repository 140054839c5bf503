-- What happens in a folder, as it happens.
local kam = require "kam"

local function write(path, text)
  kam.Pipeline { kam.OneShot(text), kam.FileWriter { path, mkdir = true } }:activate()
end

write("inbox/readme.txt", "it was there before\n")
kam.run()

-- Changes are gathered for `settle` seconds, and each path is told once.
kam.Pipeline {
  kam.DirectoryWatch { "inbox", pattern = "*.csv", settle = 0.1 },
  kam.main(function(self)
    self:sleep(0.1) -- it watches now
    write("inbox/today.csv", "1,2,3\n")
    write("inbox/late/more.csv", "4,5,6\n") -- in a folder that is new too
    local seen = {}
    for found in self:messages() do
      seen[#seen + 1] = found.change .. " " .. found.path
      if #seen == 2 then break end
    end
    table.sort(seen)
    print(table.concat(seen, "\n"))
  end), -- and with it the watch ends
}:run()
--> made inbox/late/more.csv
--> made inbox/today.csv
