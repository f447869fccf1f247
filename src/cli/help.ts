import { type AnyCommand, type Flag, flagName } from './command.ts'
import { type CommandName, commands } from './commands.ts'
import { variableOf, variables } from './environment.ts'
import { exits } from './exit.ts'

/** What `smugdl --help` prints. Needs no command's definition, so that none is loaded. */
export function helpOfAll(): string {
  return sections([
    ['', ['smugdl brings a whole SmugMug account home and proves that nothing is missing.']],
    ['Usage', ['  smugdl [COMMAND] [FLAG…]', '  smugdl COMMAND --help']],
    ['Commands', columns(Object.entries(commands).map(([name, { summary }]) => [name, summary]))],
    [
      'Examples',
      columns([
        ['smugdl demo', 'try it without an account'],
        ['smugdl login', 'let it see your account, once'],
        ['smugdl -o ~/Pictures/SmugMug', 'bring everything home; later only what is new'],
      ]),
    ],
    [
      'Environment',
      [
        ...columns([
          ...Object.entries(variables),
          ['SMUGDL_<FLAG>', 'any flag: SMUGDL_CONCURRENCY=4; of one that may be repeated, a value a line'],
          [
            'config.json',
            'in the configuration folder, for all runs: {"concurrency": 4}; variables win, and flags over both',
          ],
          ['HTTPS_PROXY, NO_PROXY', 'the proxy, and hosts without it, as curl has them'],
          ['SSL_CERT_FILE', 'certificates to trust too, in PEM format'],
        ]),
      ],
    ],
    ['Exit codes', exitLines(exits(0, 1, 2, 3, 4, 5, 70, 130))],
  ])
}

/** What `smugdl NAME --help` prints. */
export function helpOf(name: CommandName, command: AnyCommand): string {
  const positionals = Object.entries(command.positionals ?? {})
  const usage = positionals.map(([key, { required, many }]) => {
    const word = `${key.toUpperCase()}${many ? '…' : ''}`
    return required ? ` ${word}` : ` [${word}]`
  })
  const flags = Object.entries(command.flags)
  return sections([
    ['', wrapped(`smugdl ${name}: ${commands[name].summary}.`, 0)],
    ['', command.about === undefined ? [] : wrapped(command.about, 0)],
    ['Usage', [`  smugdl ${name}${usage.join('')}${flags.length === 0 ? '' : ' [FLAG…]'}`]],
    [
      'Arguments',
      columns(
        positionals.map(([key, { help, choices }]) => [
          key.toUpperCase(),
          `${help}${choices === undefined ? '' : `: ${choices.join(', ')}`}`,
        ]),
      ),
    ],
    ['Examples', command.examples.flatMap(([line, does]) => [`  ${line}`, `          ${does}.`])],
    ['Flags', [...flags.flatMap(([key, flag]) => flagLines(key, flag)), '  -h, --help', '          Show this.']],
    ['Exit codes', exitLines(command.exits)],
  ])
}

/** `-o, --output DIR`, and what a user must know beside its help: choices, range, default, variable. */
export function flagUsage(key: string, flag: Flag): { usage: string; facts: string } {
  const name = `--${flag.type === 'boolean' && flag.default ? 'no-' : ''}${flagName(key)}`
  const value = flag.type === 'boolean' ? '' : ` ${flag.hint ?? 'VALUE'}`
  const facts = [
    ...('choices' in flag && flag.choices !== undefined ? [`one of ${flag.choices.join(', ')}`] : []),
    ...(flag.type === 'integer' ? [`${flag.min} to ${flag.max}`] : []),
    ...(flag.type === 'list'
      ? [flag.separator === undefined ? 'may be repeated' : 'may be repeated, or comma-separated']
      : []),
    ...(flag.type === 'boolean' || flag.default === undefined ? [] : [`default ${String(flag.default)}`]),
    variableOf(key, flag),
  ]
  return { usage: `${flag.short === undefined ? '' : `-${flag.short}, `}${name}${value}`, facts: facts.join('; ') }
}

const width = 80

function sections(parts: readonly (readonly [title: string, lines: readonly string[]])[]): string {
  const filled = parts.filter(([, lines]) => lines.length > 0)
  return `${filled.map(([title, lines]) => [...(title === '' ? [] : [`${title}:`]), ...lines].join('\n')).join('\n\n')}\n`
}

function flagLines(key: string, flag: Flag): string[] {
  const { usage, facts } = flagUsage(key, flag)
  return [`  ${flag.short === undefined ? '    ' : ''}${usage}`, ...wrapped(`${flag.help}. [${facts}]`, 10)]
}

function exitLines(exits: AnyCommand['exits']): string[] {
  return columns(Object.entries(exits).map(([code, meaning]) => [code.padStart(3), meaning]))
}

function columns(rows: readonly (readonly [left: string, right: string])[]): string[] {
  const left = Math.max(...rows.map(([name]) => name.length))
  return rows.flatMap(([name, text]) =>
    wrapped(text, left + 4).map((line, place) => (place === 0 ? `  ${name.padEnd(left)}  ${line.trimStart()}` : line)),
  )
}

function wrapped(text: string, indent: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(' ')) {
      if (line !== '' && indent + line.length + 1 + word.length > width) {
        lines.push(line)
        line = word
      } else line = line === '' ? word : `${line} ${word}`
    }
    lines.push(line)
  }
  return lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line))
}
