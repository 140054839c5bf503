-- check: what is wrong with a configuration, or risky, all at once.
local configuration = require "config"

local check = { usage = { { "kam grey check [-c FILE]", "what is wrong with the configuration, or risky" } } }

-- The configuration at path, or at the first of its places, and its problems; nil if there is
-- none, which is told.
function check.read(path)
  local file = configuration.find(path)
  if not file then
    io.stderr:write("error: there is no configuration; it is looked for at\n  ",
      table.concat(configuration.places, "\n  "), "\n  or is named by -c FILE\n")
    return nil
  end
  return configuration.read(file)
end

function check.main(words, path)
  if words[1] then
    io.stderr:write("error: check takes no words, but -c FILE\n")
    return 2
  end
  local config, problems = check.read(path)
  if not config then return 2 end
  if #problems > 0 then io.stderr:write(problems:text(), "\n") end
  print(("%s: %d errors, %d risks"):format(config.file, problems.errors, problems.risks))
  return problems.errors > 0 and 2 or 0
end

return check
