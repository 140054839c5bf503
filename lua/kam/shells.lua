-- shells: what kam completion writes for each shell. @words@ are lists of this build.

local shells = {}

-- In a system in one line, quoted or not, what a component may be given follows its name.
shells.bash = [=[
# completion of kam for bash: eval "$(kam completion bash)"
_kam_options()
{
  case $1 in
@options@
  *) return 1 ;;
  esac
}

_kam_line()
{
  local text="${COMP_WORDS[*]:$1:$COMP_CWORD-$1+1}" word=$2 part name last before options
  text=${text//[\"\']/}
  part=${text##*|}
  part=${part#"${part%%[! ]*}"}
  name=${part%% *}
  case $word in [\"\']*) word=${word:1} ;; esac # the quote itself is kept by the shell
  last=${word##*[| ]}
  before=${word%"$last"}
  if [ "$name" != "$part" ] && options=$(_kam_options "$name"); then
    COMPREPLY=($(compgen -W "$options" -- "$last"))
    compopt -o nospace +o filenames 2>/dev/null
  else
    COMPREPLY=($(compgen -W '@components@' -- "$last"))
    if [ -n "$before" ]; then
      compopt +o filenames 2>/dev/null # nothing in it is to be quoted once more
    else
      COMPREPLY+=($(compgen -f -- "$last"))
    fi
  fi
  COMPREPLY=("${COMPREPLY[@]/#/$before}")
}

_kam()
{
  local word=${COMP_WORDS[COMP_CWORD]} at=1
  COMPREPLY=()
  while [ $at -lt "$COMP_CWORD" ]; do # over the flags before the command
    case ${COMP_WORDS[at]} in
    @valued@) at=$((at + 2)) ;;
    --*) at=$((at + 1)) ;;
    *) break ;;
    esac
  done
  if [ "$COMP_CWORD" -lt $at ]; then return; fi
  case $word in
  --*)
    case ${COMP_WORDS[at]} in
    doc) COMPREPLY=($(compgen -W '--html --man @flags@' -- "$word")) ;;
    graph) COMPREPLY=($(compgen -W '--dot --mermaid --svg --text' -- "$word")) ;;
    new) COMPREPLY=($(compgen -W '--c' -- "$word")) ;;
    test) COMPREPLY=($(compgen -W '--schedules=' -- "$word")) ;;
    *) COMPREPLY=($(compgen -W '--help --version @flags@' -- "$word")) ;;
    esac
    return
    ;;
  esac
  if [ "$COMP_CWORD" -eq $at ]; then
    COMPREPLY=($(compgen -W '@commands@' -- "$word") $(compgen -f -- "$word"))
    return
  fi
  case ${COMP_WORDS[at]} in
  doc | list) COMPREPLY=($(compgen -W '@components@' -- "$word")) ;;
  explain) COMPREPLY=($(compgen -W '@codes@' -- "$word")) ;;
  completion) COMPREPLY=($(compgen -W '@shells@' -- "$word")) ;;
  new) COMPREPLY=($(compgen -W 'component' -- "$word")) ;;
  run) _kam_line $((at + 1)) "$word" ;;
  *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _kam kam ./kam
]=]

shells.zsh = [=[
#compdef kam
# completion of kam for zsh: eval "$(kam completion zsh)", after compinit
_kam()
{
  local -a commands components codes flags
  commands=(@commands@)
  components=(@components@)
  codes=(@codes@)
  flags=(--help --version @flags@)
  if [[ $PREFIX == --* ]]; then
    compadd -a flags
  elif (( CURRENT == 2 )); then
    compadd -a commands
    _files
  else
    case ${words[2]} in
    doc | list) compadd -a components ;;
    explain) compadd -a codes ;;
    completion) compadd @shells@ ;;
    new) compadd component ;;
    run)
      compset -P '*[| ]' || _files
      compadd -a components
      ;;
    *) _files ;;
    esac
  fi
}
compdef _kam kam
]=]

shells.fish = [=[
# completion of kam for fish: kam completion fish | source
set -l commands @commands@
complete -c kam -n "not __fish_seen_subcommand_from $commands" -a "$commands"
complete -c kam -f -n "__fish_seen_subcommand_from doc list" -a "@components@"
complete -c kam -f -n "__fish_seen_subcommand_from explain" -a "@codes@"
complete -c kam -f -n "__fish_seen_subcommand_from completion" -a "@shells@"
complete -c kam -f -n "__fish_seen_subcommand_from new" -a "component"
complete -c kam -n "__fish_seen_subcommand_from run" -a "@components@"
complete -c kam -l help
complete -c kam -l version
@longs@
]=]

return shells
