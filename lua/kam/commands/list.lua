local doc = require "kam.doc"
local flags = require "kam.flags"
local report = require "kam.report"

return {
  usage = { { "kam list [WORD]", "the components of the library" } },
  main = function(words)
    local found = doc.find(words[1])
    if flags.values.json then
      local list = {}
      for i, d in ipairs(found) do
        list[i] = { name = d.name, family = d.family, summary = d.summary }
      end
      print(require "kam.json".encode(list))
      return 0
    end
    for _, d in ipairs(found) do print(("%-16s %-10s %s"):format(d.name, d.family, d.summary)) end
    for _, entry in ipairs(doc.missing(words[1])) do
      print(("%-16s %-10s not in this build: it needs %s"):format(entry.name, entry.family, entry.needs))
      found[#found + 1] = entry
    end
    if #found == 0 then
      report.say(("kam: no component has %q in its name or summary"):format(words[1]))
      return 1
    end
    return 0
  end,
}
