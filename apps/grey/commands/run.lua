-- run: reads the configuration, and serves.
local check = require "commands.check"

local run = { usage = { { "kam grey [-c FILE]", "serve, as a proxy in front of a mail server" } } }

function run.main(words, path)
  if words[1] then
    io.stderr:write(("error: %s is no command\n  kam grey --help says which there are\n"):format(words[1]))
    return 2
  end
  local config, problems = check.read(path)
  if not config or problems.errors > 0 then
    if problems then io.stderr:write(problems:text(), "\n") end
    return 2
  end
  if problems.risks > 0 then io.stderr:write(problems:text(), "\n") end
  require("system").run(config)
end

return run
