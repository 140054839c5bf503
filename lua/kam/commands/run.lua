local launch = require "kam.launch"

return {
  usage = { { "kam run FILE | 'A | B x=1'", "run a script, or a system in one line" } },
  takes = "run",
  main = function(words)
    local what = table.remove(words, 1)
    if not what then return launch.wrong "run needs a file or a system" end
    local f = io.open(what, "r")
    if f then
      f:close()
      return launch.file(what, words)
    end
    if what:find "%.lua$" and not what:find "|" and not what:find "%s" then
      return launch.file(what, words)
    end
    return launch.line(what .. (#words > 0 and " " .. table.concat(words, " ") or ""))
  end,
}
