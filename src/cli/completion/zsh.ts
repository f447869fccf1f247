import { shellQuoted } from '../../shell-quote.ts'
import type { CommandGrammar, FlagGrammar, Grammar } from './grammar.ts'

/** For zsh's own completion system, as a file `_smugdl` in its fpath or sourced after `compinit`. */
export function zsh({ defaultCommand, commands }: Grammar): string {
  return `#compdef smugdl
# zsh completion of smugdl: smugdl completion zsh > "\${fpath[1]}/_smugdl"
_smugdl_albums() {
  local -a albums
  albums=("\${(@f)$(smugdl completion albums -- "\${(@)words[1,CURRENT-1]}" "$PREFIX" 2> /dev/null)}")
  compadd -a -- albums
}
_smugdl() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${shellQuoted(`${name}:${summary}`)}`).join('\n')}
  )
  local command=${defaultCommand}
  if (( CURRENT > 2 )) && [[ -n \${commands[(r)\${words[2]}:*]} ]]; then
    command=\${words[2]}
    shift words
    (( CURRENT-- ))
  elif (( CURRENT == 2 )) && [[ \${words[2]} != -* ]]; then
    _describe -t commands command commands
    return
  fi
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _smugdl ]]; then _smugdl "$@"; else compdef _smugdl smugdl; fi
`
}

function commandCase({ name, flags, words, next }: CommandGrammar): string {
  const specs = flags.map(flagSpec)
  if (words.length > 0) specs.push(shellQuoted(`1:argument:(${words.join(' ')})`))
  if (next !== undefined)
    specs.push(shellQuoted(`2:argument:{ [[ $words[2] == ${next.after} ]] && compadd ${next.choices.join(' ')} }`))
  return [
    `    ${name})`,
    `      _arguments -s -S ${specs.map((spec) => `\\\n        ${spec}`).join(' ')}`,
    '      ;;',
  ].join('\n')
}

function flagSpec({ long, short, help, value }: FlagGrammar): string {
  const described = `[${help.replace(/[[\]:\\]/g, '\\$&')}]${value === undefined ? '' : `:${value.hint}:${action(value)}`}`
  const spelled = value === undefined ? long : `${long}=`
  // Braces make two specs of one; each flag may come again.
  return short === undefined
    ? shellQuoted(`*${spelled}${described}`)
    : `'*'{${short},${spelled}}${shellQuoted(described)}`
}

function action({ hint, choices, path, isList, albums }: NonNullable<FlagGrammar['value']>): string {
  if (albums) return '_smugdl_albums'
  if (isList) return `_values -s , ${hint} ${choices.join(' ')}`
  if (path !== undefined) return path === 'directory' ? '_files -/' : '_files'
  return choices.length === 0 ? ' ' : `(${choices.join(' ')})`
}
