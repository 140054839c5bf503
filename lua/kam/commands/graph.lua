local launch = require "kam.launch"

local forms = { ["--dot"] = "dot", ["--svg"] = "svg", ["--mermaid"] = "mermaid", ["--text"] = "text" }

return {
  usage = {
    { "kam graph FILE [--dot|--svg|--mermaid]", "draw the system that a script would run; its own lines do run" },
  },
  takes = "words",
  main = function(words)
    local form
    for i = #words, 1, -1 do
      if forms[words[i]] then form = forms[table.remove(words, i)] end
    end
    local what = table.remove(words, 1)
    if not what then return launch.wrong "graph needs a script, or a system in one line" end
    local roots, status = launch.note(what, words)
    if not roots then return status end
    if #roots == 0 then
      require "kam.report".say(("kam: %s runs nothing"):format(what))
      return 1
    end
    require "kam"
    print(require "kam.methods".draw(roots, form))
    return 0
  end,
}
