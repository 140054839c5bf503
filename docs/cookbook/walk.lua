-- The sizes of all programs in Lua below a folder.
local kam = require "kam"

local function write(path, text)
  kam.Pipeline { kam.OneShot(text), kam.FileWriter { path, mkdir = true } }:run()
end

write("project/main.lua", "print 'hello'\n")
write("project/lib/deep/list.lua", "return {}\n")
write("project/notes.txt", "not this one\n")

-- The pattern is a shell's; with `details` each message is a table.
kam.Pipeline {
  kam.DirectoryWalk { "project", pattern = "*.lua", only = "files", details = true },
  kam.map(function(found) return found.path .. ": " .. found.size end),
  kam.ConsoleEchoer(),
}:run()
--> project/lib/deep/list.lua: 10
--> project/main.lua: 14
