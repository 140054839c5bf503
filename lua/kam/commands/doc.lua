local component = require "kam.component"
local doc = require "kam.doc"
local flags = require "kam.flags"
local kamaelia = require "kam.names"
local launch = require "kam.launch"
local library = require "kam.library"
local near = require "kam.near"
local report = require "kam.report"

-- Writes { path, text } below a folder, made if need be: the exit status.
local function write(folder, files)
  local made = {}
  for _, file in ipairs(files) do
    local path = folder .. "/" .. file[1]
    local parent = path:match "^(.*)/"
    if not made[parent] then os.execute("mkdir -p -- '" .. parent:gsub("'", "'\\''") .. "'") end
    made[parent] = true
    local f, err = io.open(path, "w")
    if not (f and f:write(file[2]) and f:close()) then
      report.say(("kam: cannot write %s"):format(err or path .. ": the disk is full"))
      return 1
    end
  end
  print(("wrote %d files in %s"):format(#files, folder))
  return 0
end

local forms = { ["--html"] = "kam.site", ["--man"] = "kam.manual" }

return {
  usage = {
    { "kam doc [NAME]", "what a component does" },
    { "kam doc --html DIR, --man DIR", "all of the library as a site to browse, or as manual pages" },
  },
  main = function(words, cli)
    if forms[words[1]] then
      if not words[2] then return launch.wrong(("doc %s needs a folder to write to"):format(words[1])) end
      return write(words[2], require(forms[words[1]]).files(cli))
    end
    if not words[1] then return require "kam.commands.list".main(words) end
    require "kam"
    local make = library.find(words[1])
    if not make and words[1]:find "%.lua$" then make = dofile(words[1]) end
    local d = make and component.declaration(make)
    local answer, target, hint = kamaelia.answer(words[1])
    if not d and answer then
      report.say(("kam: %s%s%s"):format(answer, target and "; see kam doc " .. target or "",
        hint and "\n     " .. hint or ""))
      return 2
    end
    if not d then
      local best = near.best(words[1], library.names())
      report.say(("kam: there is no component %s%s"):format(words[1],
        best and ("; did you mean %s?"):format(best) or ""))
      return 2
    end
    io.write(flags.values.json and require "kam.json".encode(doc.data(d)) .. "\n" or doc.page(d))
    return 0
  end,
}
