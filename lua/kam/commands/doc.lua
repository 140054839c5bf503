local component = require "kam.component"
local doc = require "kam.doc"
local flags = require "kam.flags"
local kamaelia = require "kam.names"
local library = require "kam.library"
local near = require "kam.near"
local report = require "kam.report"

return {
  usage = { { "kam doc [NAME]", "what a component does" } },
  main = function(words)
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
