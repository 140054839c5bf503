local core = require "kam.core"
local flags = require "kam.flags"
local launch = require "kam.launch"

return {
  usage = { { "kam, kam repl", "a prompt; components go on running while it waits" } },
  main = function(words, cli)
    if words[1] then return launch.wrong "repl takes no words" end
    if not core.terminal() then return launch.wrong "a prompt needs a terminal" end
    local err = flags.apply()
    if err then return launch.wrong(err) end
    return require "kam.repl"(cli.version)
  end,
}
