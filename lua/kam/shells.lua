-- shells: what kam completion writes for each shell. @words@ are lists of this build.

local shells = {}

-- In a system in one line, quoted or not, what a component may be given follows its name.
shells.bash = [=[
# completion of kam for bash: eval "$(kam completion bash)"
_kam_options()
{
  case $1 in
@bash_options@
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
    check) COMPREPLY=($(compgen -W '--json --strict' -- "$word")) ;;
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
@bash_applications@
  *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _kam kam ./kam
]=]

shells.zsh = [=[
#compdef kam
# completion of kam for zsh: eval "$(kam completion zsh)", after compinit
typeset -gA _kam_options
_kam_options=(
@zsh_options@
)

# A system in one line, of which $1 is the first word.
_kam_line()
{
  local text="${(j: :)words[$1,CURRENT-1]} $PREFIX" part name
  text=${text//[\"\']/}
  part=${text##*\|}
  part=${part#"${part%%[! ]*}"}
  name=${part%% *}
  compset -P '*[| ]' || _files
  if [[ $name != $part && -n ${_kam_options[$name]} ]]; then
    compadd -S '' -- ${=_kam_options[$name]}
  else
    compadd -S '' -- @components@
  fi
}

_kam()
{
  local -i at=2
  while (( at < CURRENT )); do # over the flags before the command
    case ${words[at]} in
    @valued@) at+=2 ;;
    --*) at+=1 ;;
    *) break ;;
    esac
  done
  (( CURRENT < at )) && return
  if [[ $PREFIX == --* ]]; then
    case ${words[at]} in
    check) compadd -- --json --strict ;;
    doc) compadd -- --html --man @flags@ ;;
    graph) compadd -- --dot --mermaid --svg --text ;;
    new) compadd -- --c ;;
    test) compadd -S '' -- --schedules= ;;
    *) compadd -- --help --version @flags@ ;;
    esac
  elif (( CURRENT == at )); then
    compadd -- @commands@
    _files
  else
    case ${words[at]} in
    doc | list) compadd -- @components@ ;;
    explain) compadd -- @codes@ ;;
    completion) compadd -- @shells@ ;;
    new) compadd -- component ;;
    run) _kam_line $(( at + 1 )) ;;
@zsh_applications@
    *) _files ;;
    esac
  fi
}
compdef _kam kam
]=]

shells.fish = [=[
# completion of kam for fish: kam completion fish | source
function __kam_options
    switch $argv[1]
@fish_options@
        case '*'
            return 1
    end
end

# A system in one line, quoted or not: what may stand where the cursor is.
function __kam_line
    set -l word (string replace -r '^["\']' '' -- (commandline -ct))
    set -l words (commandline -opc)
    set -e words[1..(contains -i -- run $words)]
    set -l text (string replace -ra '["\']' '' -- (string join ' ' -- $words $word))
    set -l part (string trim -l -- (string replace -r '.*\|' '' -- $text))
    set -l name (string replace -r ' .*' '' -- $part)
    set -l before (string replace -r '[^| ]*$' '' -- $word)
    set -l options (__kam_options $name)
    if test "$name" != "$part" -a -n "$options"
        printf '%s\n' $before$options
    else
        printf '%s\n' $before(string split ' ' '@components@')
    end
end

set -l commands @commands@
complete -c kam -n "not __fish_seen_subcommand_from $commands" -a "$commands"
complete -c kam -f -n "__fish_seen_subcommand_from doc list" -a "@components@"
complete -c kam -f -n "__fish_seen_subcommand_from explain" -a "@codes@"
complete -c kam -f -n "__fish_seen_subcommand_from completion" -a "@shells@"
complete -c kam -f -n "__fish_seen_subcommand_from new" -a "component"
complete -c kam -n "__fish_seen_subcommand_from run" -a "(__kam_line)"
complete -c kam -n "__fish_seen_subcommand_from check" -l strict
complete -c kam -n "__fish_seen_subcommand_from doc" -l html -l man
complete -c kam -n "__fish_seen_subcommand_from graph" -l dot -l mermaid -l svg -l text
complete -c kam -n "__fish_seen_subcommand_from new" -l c
complete -c kam -n "__fish_seen_subcommand_from test" -l schedules -x
@fish_applications@
complete -c kam -l help
complete -c kam -l version
@longs@
]=]

return shells
