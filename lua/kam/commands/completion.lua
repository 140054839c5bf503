local flags = require "kam.flags"
local launch = require "kam.launch"
local library = require "kam.library"
local near = require "kam.near"

-- The words are those of this build; what a pipe in a quoted word begins is completed
-- to a component too.
local bash = [=[
# completion of kam for bash: eval "$(kam completion bash)"
_kam()
{
  local word=${COMP_WORDS[COMP_CWORD]} first=${COMP_WORDS[1]}
  local components='@components@'
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '@commands@' -- "$word") $(compgen -f -- "$word"))
    return
  fi
  case $word in
  --*)
    COMPREPLY=($(compgen -W '@flags@' -- "$word"))
    return
    ;;
  esac
  case $first in
  doc | list) COMPREPLY=($(compgen -W "$components" -- "$word")) ;;
  explain) COMPREPLY=($(compgen -W '@codes@' -- "$word")) ;;
  completion) COMPREPLY=($(compgen -W 'bash' -- "$word")) ;;
  run)
    local before= last=${word##*[\"\'| ]}
    before=${word%"$last"}
    COMPREPLY=($(compgen -W "$components" -- "$last"))
    COMPREPLY=("${COMPREPLY[@]/#/$before}")
    ;;
  *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _kam kam ./kam
]=]

return {
  usage = { { "kam completion bash", "words that a shell completes: eval \"$(kam completion bash)\"" } },
  main = function(words, cli)
    if words[1] ~= "bash" then return launch.wrong "kam completion knows one shell: bash" end
    local commands = cli.names()
    for _, word in ipairs { "bench", "help", "--help", "--version", "-e" } do
      commands[#commands + 1] = word
    end
    local lists = { commands = commands, flags = near.names(flags.all), components = library.names(),
      codes = near.names(require "kam.codes".all) }
    io.write((bash:gsub("@(%l+)@", function(name) return table.concat(lists[name], " ") end)))
    return 0
  end,
}
