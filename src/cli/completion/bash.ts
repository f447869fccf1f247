import type { CommandGrammar, FlagGrammar, Grammar } from './grammar.ts'

/** For bash 3.2 (macOS) and later, without the bash-completion package. */
export function bash({ defaultCommand, commands }: Grammar): string {
  const names = commands.map(({ name }) => name)
  return `# bash completion of smugdl; load it with: source <(smugdl completion bash)
_smugdl_list() {
  local before='' choice
  [[ $1 == *,* ]] && before=\${1%,*},
  for choice in $2; do
    [[ ,$before != *",$choice,"* && $choice == "\${1##*,}"* ]] && COMPREPLY+=("$before$choice")
  done
}
_smugdl_albums() {
  local album
  while IFS= read -r album; do
    # Within quotes that are open only what they do not protect is escaped; : and = would begin another word.
    case $1 in
      \\'*) album=$(sed "s/'/'\\\\\\\\''/g" <<< "$album") ;;
      \\"*) album=$(sed 's/[\\\\"$\`]/\\\\&/g' <<< "$album") ;;
      *) printf -v album %q "$album"; album=\${album//:/\\\\:}; album=\${album//=/\\\\=} ;;
    esac
    COMPREPLY+=("$album")
  done < <(smugdl completion albums -- "\${COMP_WORDS[@]:0:COMP_CWORD}" "$1" 2> /dev/null)
}
_smugdl() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=${defaultCommand} words='' IFS=$'\\n'
  # bash takes the = of --flag=value for a word of its own.
  if [[ $current == '=' ]]; then current=''
  elif [[ $previous == '=' ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if (( COMP_CWORD > 1 )); then
    case \${COMP_WORDS[1]} in ${names.join('|')}) command=\${COMP_WORDS[1]} ;; esac
  fi
  COMPREPLY=()
  case "$command $previous" in
${commands.flatMap((command) => [...command.flags.flatMap((flag) => valueCase(command, flag)), ...nextCase(command)]).join('\n')}
  esac
  case $command in
${commands.map(wordsCase).join('\n')}
  esac
  (( COMP_CWORD == 1 )) && words="${names.join('\n')}
$words"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _smugdl smugdl
`
}

function valueCase({ name }: CommandGrammar, { long, short, value }: FlagGrammar): string[] {
  if (value === undefined) return []
  const patterns = [long, short].filter((flag) => flag !== undefined).map((flag) => `'${name} ${flag}'`)
  return [`    ${patterns.join('|')}) ${replies(value)} return ;;`]
}

function nextCase({ name, next }: CommandGrammar): string[] {
  if (next === undefined) return []
  return [
    `    '${name} ${next.after}') COMPREPLY=($(compgen -W "${next.choices.join('\n')}" -- "$current")); return ;;`,
  ]
}

function replies({ choices, path, isList, albums }: NonNullable<FlagGrammar['value']>): string {
  if (albums) return '_smugdl_albums "$current";'
  if (isList) return `_smugdl_list "$current" "${choices.join('\n')}";`
  if (path !== undefined)
    return `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -${path === 'directory' ? 'd' : 'f'} -- "$current"));`
  // Of `folder.path=` the value is still to be typed.
  const goesOn = choices.some((choice) => choice.endsWith('=')) ? 'compopt -o nospace 2>/dev/null; ' : ''
  return choices.length === 0 ? '' : `${goesOn}COMPREPLY=($(compgen -W "${choices.join('\n')}" -- "$current"));`
}

function wordsCase({ name, flags, words }: CommandGrammar): string {
  const all = [...words, ...flags.flatMap(({ long, short }) => [long, ...(short === undefined ? [] : [short])])]
  return `    ${name}) words="${all.join('\n')}" ;;`
}
