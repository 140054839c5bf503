-- folder: what the command makes, written to a folder.

local report = require "kam.report"

local folder = {}

-- Writes { path, text } below a folder, made if need be: the exit status.
function folder.write(at, files)
  local made = {}
  for _, file in ipairs(files) do
    local path = at .. "/" .. file[1]
    local parent = path:match "^(.*)/"
    if not made[parent] then os.execute("mkdir -p -- '" .. parent:gsub("'", "'\\''") .. "'") end
    made[parent] = true
    local f, err = io.open(path, "w")
    if not (f and f:write(file[2]) and f:close()) then
      report.say(("kam: cannot write %s"):format(err or path .. ": the disk is full"))
      return 1
    end
  end
  print(("wrote %d %s in %s"):format(#files, #files == 1 and "file" or "files", at))
  return 0
end

return folder
