import { type AnyCommand, type Flag, flagName } from './command.ts'
import { type CommandName, commands } from './commands.ts'
import { variableOf, variables } from './environment.ts'
import { exits } from './exit.ts'
import type { Io } from './io.ts'
import { usable } from './printer.ts'
import { wrapped } from './wrap.ts'

interface HelpOptions {
  /** Also shows variables, and flags that are otherwise shown elsewhere. */
  all?: boolean
  /** Maximum number of columns. */
  width?: number
}

/** The style that the command line requests, in the terminal's width. */
export function helpOptions(args: readonly string[], { env, stdout }: Io): HelpOptions {
  const columns = stdout.columns ?? Number(env.COLUMNS)
  // Wider help is harder to read.
  return { all: args.includes('--all'), width: Math.min(usual, columns > 0 ? usable(columns) : usual) }
}

/** The output of `smugdl --help`. Needs no command's definition, so that none is loaded. */
export function helpOfAll({ all = false, width = usual }: HelpOptions = {}): string {
  return sections([
    ['', paragraphs('smugdl brings a whole SmugMug account home and proves that nothing is missing.', width)],
    ['Usage', ['  smugdl [COMMAND] [FLAG…]', '  smugdl COMMAND --help', '  smugdl COMMAND --help --all']],
    [
      'Commands',
      columns(
        Object.entries(commands).map(([name, { summary }]) => [name, summary]),
        width,
      ),
    ],
    [
      'Examples',
      columns(
        [
          ['smugdl', 'on a terminal, asks for all that it needs and brings everything home'],
          ['smugdl demo', 'try it without an account'],
          ['smugdl -o ~/Pictures/SmugMug', 'bring everything home; later only what is new'],
        ],
        width,
      ),
    ],
    ['Environment', all ? environment(width) : ['  `smugdl --help --all` shows the variables.']],
    ['Exit codes', exitLines(exits(0, 1, 2, 3, 4, 5, 6, 70, 130), width)],
  ])
}

function environment(width: number): string[] {
  return columns(
    [
      ...Object.entries(variables),
      ['SMUGDL_<FLAG>', 'any flag: SMUGDL_CONCURRENCY=4; of one that may be repeated, a value a line'],
      [
        'config.json',
        'in the configuration folder, for all runs: {"concurrency": 4}; variables win, and flags over both',
      ],
      ['HTTPS_PROXY, NO_PROXY', 'the proxy, and hosts without it, as curl has them'],
      ['SSL_CERT_FILE', 'certificates to trust too, in PEM format'],
    ],
    width,
  )
}

/** The output of `smugdl NAME --help`. */
export function helpOf(
  name: CommandName,
  command: AnyCommand,
  { all = false, width = usual }: HelpOptions = {},
): string {
  const positionals = Object.entries(command.positionals ?? {})
  const usage = positionals.map(([key, { required, many }]) => {
    const word = `${key.toUpperCase()}${many ? '…' : ''}`
    return required ? ` ${word}` : ` [${word}]`
  })
  const hasFlags = Object.keys(command.flags).length > 0
  return sections([
    ['', paragraphs(`smugdl ${name}: ${commands[name].summary}.`, width)],
    ['', command.about === undefined ? [] : paragraphs(command.about, width)],
    ['Usage', [`  smugdl ${name}${usage.join('')}${hasFlags ? ' [FLAG…]' : ''}`]],
    [
      'Arguments',
      columns(
        positionals.map(([key, { help, choices }]) => [
          key.toUpperCase(),
          `${help}${choices === undefined ? '' : `: ${choices.join(', ')}`}`,
        ]),
        width,
      ),
    ],
    ['Examples', command.examples.flatMap(([line, does]) => [`  ${line}`, ...indented(`${does}.`, width)])],
    ...flagSections(name, command, { all, width }),
    ['Exit codes', exitLines(command.exits, width)],
  ])
}

/** The flags in the command's groups; flags that another command's help shows are only named. */
function flagSections(
  name: CommandName,
  { flags, groups = [] }: AnyCommand,
  options: Required<HelpOptions>,
): Section[] {
  const grouped = new Set(groups.flatMap(([, keys]) => keys))
  const isHere = ([, { shownBy }]: [string, Flag]) => options.all || shownBy === undefined || shownBy === name
  const [here, elsewhere] = [Object.entries(flags).filter(isHere), Object.entries(flags).filter((one) => !isHere(one))]
  const linesOf = (some: readonly (readonly [string, Flag])[]) =>
    some.flatMap(([key, flag]) => flagLines(key, flag, options))
  const inGroup = (keys: readonly string[]) => keys.flatMap((key) => here.filter(([name]) => name === key))
  const rest = linesOf(here.filter(([key]) => !grouped.has(key)))
  const others = elsewhere.map(([key, flag]) => flagUsage(key, flag).usage.split(' ')[0])
  return [
    ...groups.map(([title, keys]): Section => [title, linesOf(inGroup(keys))]),
    [
      groups.length === 0 ? 'Flags' : 'More',
      [
        ...rest,
        '  -h, --help',
        ...indented('Show this; with --all every flag, and the variable of each.', options.width),
      ],
    ],
    [
      'Plugins',
      others.length === 0 ? [] : wrapped(`  See smugdl plugins --help for ${others.join(', ')}`, options.width, '  '),
    ],
  ]
}

/** `-o, --output DIR`, with what a user must know besides its help: choices, range, default, variable. */
export function flagUsage(
  key: string,
  flag: Flag,
  { variable = true }: { variable?: boolean } = {},
): { usage: string; facts: string } {
  const name = `--${flag.type === 'boolean' && flag.default ? 'no-' : ''}${flagName(key)}`
  const value = flag.type === 'boolean' ? '' : ` ${flag.hint ?? 'VALUE'}`
  const facts = [
    ...('choices' in flag && flag.choices !== undefined ? [`one of ${flag.choices.join(', ')}`] : []),
    ...(flag.type === 'integer' ? [`${flag.min} to ${flag.max}`] : []),
    ...(flag.type === 'list'
      ? [flag.separator === undefined ? 'may be repeated' : 'may be repeated, or comma-separated']
      : []),
    ...(flag.type === 'boolean' || flag.default === undefined ? [] : [`default ${String(flag.default)}`]),
    ...(variable ? [variableOf(key, flag) ?? 'no variable'] : []),
  ]
  return { usage: `${flag.short === undefined ? '' : `-${flag.short}, `}${name}${value}`, facts: facts.join('; ') }
}

/** Number of columns without a terminal. */
const usual = 80

type Section = readonly [title: string, lines: readonly string[]]

function sections(parts: readonly Section[]): string {
  const filled = parts.filter(([, lines]) => lines.length > 0)
  return `${filled.map(([title, lines]) => [...(title === '' ? [] : [`${title}:`]), ...lines].join('\n')).join('\n\n')}\n`
}

function flagLines(key: string, flag: Flag, { all, width }: Required<HelpOptions>): string[] {
  const { usage, facts } = flagUsage(key, flag, { variable: all })
  const text = `${flag.help}.${facts === '' ? '' : ` [${facts}]`}`
  return [`  ${flag.short === undefined ? '    ' : ''}${usage}`, ...indented(text, width)]
}

function exitLines(exits: AnyCommand['exits'], width: number): string[] {
  return columns(
    Object.entries(exits).map(([code, meaning]) => [code.padStart(3), meaning]),
    width,
  )
}

function columns(rows: readonly (readonly [left: string, right: string])[], width: number): string[] {
  const left = Math.max(...rows.map(([name]) => name.length))
  return rows.flatMap(([name, text]) => wrapped(`  ${name.padEnd(left)}  ${text}`, width, ' '.repeat(left + 4)))
}

function indented(text: string, width: number): string[] {
  const indent = ' '.repeat(10)
  return wrapped(indent + text, width, indent)
}

function paragraphs(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapped(line, width))
}
