local component = require "kam.component"
local doc = require "kam.doc"
local flags = require "kam.flags"
local folder = require "kam.folder"
local kamaelia = require "kam.names"
local launch = require "kam.launch"
local library = require "kam.library"
local near = require "kam.near"
local report = require "kam.report"

local forms = { ["--html"] = "kam.site", ["--man"] = "kam.manual" }

return {
  usage = {
    { "kam doc [NAME]", "what a component does" },
    { "kam doc --html DIR, --man DIR", "all of the library as a site to browse, or as manual pages" },
  },
  main = function(words, cli)
    if forms[words[1]] then
      if not words[2] then return launch.wrong(("doc %s needs a folder to write to"):format(words[1])) end
      return folder.write(words[2], require(forms[words[1]]).files(cli))
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
