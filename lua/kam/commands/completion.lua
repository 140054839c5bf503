local component = require "kam.component"
local flags = require "kam.flags"
local launch = require "kam.launch"
local library = require "kam.library"
local near = require "kam.near"
local shells = require "kam.shells"

-- What each shell is told of the applications' first words.
local application = {
  bash = [[  %s) COMPREPLY=($(compgen -W '%s' -- "$word") $(compgen -f -- "$word")) ;;]],
  zsh = "    %s) compadd -- %s; _files ;;",
  fish = [[complete -c kam -n "__fish_seen_subcommand_from %s" -a "%s"]],
}

local function applications(words, cli)
  for shell, form in pairs(application) do
    local lines = {}
    for i, name in ipairs(cli.applications()) do
      lines[i] = form:format(name, table.concat(cli.application_words(name), " "))
    end
    words[shell .. "_applications"] = table.concat(lines, "\n")
  end
end

-- The lists that the texts of the shells name: those of this build.
local function lists(cli)
  local words = { commands = cli.names(), flags = near.names(flags.all), components = {},
    codes = near.names(require "kam.codes".all), shells = near.names(shells) }
  for _, word in ipairs { "bench", "help" } do table.insert(words.commands, word) end
  for _, name in ipairs(cli.applications()) do table.insert(words.commands, name) end
  local valued, longs = {}, {}
  local options = { bash = {}, zsh = {}, fish = {} }
  for _, entry in ipairs(library.all()) do
    table.insert(words.components, entry.name)
    local names = {}
    for i, o in ipairs(component.declaration(entry.make).options) do names[i] = o.name .. "=" end
    if #names > 0 then
      local list = table.concat(names, " ")
      table.insert(options.bash, ("  %s) echo '%s' ;;"):format(entry.name, list))
      table.insert(options.zsh, ("  %s '%s'"):format(entry.name, list))
      table.insert(options.fish, ("        case %s\n            printf '%%s\\n' %s"):format(entry.name, list))
    end
  end
  for _, name in ipairs(words.flags) do
    local flag = flags.all[name]
    if flag.value then table.insert(valued, name) end
    table.insert(longs, ("complete -c kam -l %s%s -d '%s'"):format(name:sub(3), flag.value and " -x" or "",
      flag.doc:gsub("'", "\\'")))
  end
  for name, list in pairs(words) do words[name] = table.concat(list, " ") end
  for shell, lines in pairs(options) do words[shell .. "_options"] = table.concat(lines, "\n") end
  applications(words, cli)
  words.valued = table.concat(valued, " | ")
  words.longs = table.concat(longs, "\n")
  return words
end

return {
  usage = {
    { "kam completion SHELL", "what bash, fish or zsh completes: eval \"$(kam completion bash)\"" },
  },
  main = function(words, cli)
    local text = shells[words[1]]
    if not text then
      return launch.wrong("kam completion knows these shells: " .. table.concat(near.names(shells), ", "))
    end
    require "kam"
    io.write((text:gsub("@([%l_]+)@", lists(cli))))
    return 0
  end,
}
