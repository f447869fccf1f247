import type { CommandGrammar, FlagGrammar, Grammar } from './grammar.ts'

export function fish({ defaultCommand, commands }: Grammar): string {
  const names = commands.map(({ name }) => name).join(' ')
  return `# fish completion of smugdl: smugdl completion fish > ~/.config/fish/completions/smugdl.fish
function __smugdl_command
    set -l words (commandline -opc)
    if set -q words[2]; and contains -- $words[2] ${names}
        echo $words[2]
    else
        echo ${defaultCommand}
    end
end
function __smugdl_albums
    smugdl completion albums -- (commandline -opc) (commandline -ct | string replace -r -- '^--[a-z]+=' '') 2>/dev/null
end
function __smugdl_list
    set -l before (commandline -ct | string replace -r -- '^--[a-z]+=' '' | string replace -r '[^,]*$' '')
    for choice in $argv
        contains -- $choice (string split , -- $before); or echo $before$choice
    end
end
complete -c smugdl -f
${commands.map(({ name, summary }) => `complete -c smugdl -n __fish_is_first_arg -a ${name} -d ${quoted(summary)}`).join('\n')}
${commands.flatMap((command) => commandLines(command)).join('\n')}
`
}

function commandLines({ name, flags, words, next }: CommandGrammar): string[] {
  const where = `test (__smugdl_command) = ${name}`
  const when = (condition: string) => `complete -c smugdl -n ${quoted(condition)}`
  const first = `${where}; and not __fish_seen_subcommand_from ${words.join(' ')}`
  return [
    ...words.map((word) => `${when(first)} -a ${word}`),
    ...(next === undefined
      ? []
      : [`${when(`${where}; and __fish_seen_subcommand_from ${next.after}`)} -a ${quoted(next.choices.join(' '))}`]),
    ...flags.map((flag) => `${when(where)} ${flagSpec(flag)}`),
  ]
}

function flagSpec({ long, short, help, value }: FlagGrammar): string {
  const names = `-l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}`
  return `${names}${value === undefined ? '' : argument(value)} -d ${quoted(help)}`
}

function argument({ choices, path, isList, albums }: NonNullable<FlagGrammar['value']>): string {
  if (albums) return " -x -a '(__smugdl_albums)'"
  if (isList) return ` -x -a ${quoted(`(__smugdl_list ${choices.join(' ')})`)}`
  if (path !== undefined) return path === 'directory' ? " -x -a '(__fish_complete_directories)'" : ' -r -F'
  return choices.length === 0 ? ' -x' : ` -x -a ${quoted(choices.join(' '))}`
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
