-- The lines of a file that have a text in them, into another one.
local text = arg[2]
local out = assert(io.open(arg[3], "w"))
for line in io.lines(arg[1]) do
  if line:find(text, 1, true) then out:write(line, "\n") end
end
out:close()
