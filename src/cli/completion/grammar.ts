import { type Flag, flagName, type NamedCommand, type Positionals } from '../command.ts'

/** The data that a shell needs to complete a command line. */
export interface Grammar {
  /** The default command. */
  defaultCommand: string
  commands: CommandGrammar[]
}

export interface CommandGrammar {
  name: string
  summary: string
  flags: FlagGrammar[]
  /** What may stand as first argument. */
  words: readonly string[]
  /** What may follow one of those. */
  next?: { after: string; choices: readonly string[] }
}

export interface FlagGrammar {
  /** `--output`, or `--no-…` of a flag that is on by default. */
  long: string
  /** `-o` */
  short?: string
  help: string
  /** Absent: it takes no value. */
  value?: {
    hint: string
    choices: readonly string[]
    path?: 'file' | 'directory'
    /** Several of them, with commas between. */
    isList?: true
    /** Albums of the home given in the line; the script calls `smugdl completion albums`. */
    albums?: true
  }
}

/** Completions besides a flag's own choices. */
export interface Offers {
  exporters: readonly string[]
  /** `folder.path=` */
  exporterOptions: readonly string[]
}

export function grammarOf(commands: readonly NamedCommand[], offers: Offers): Grammar {
  return {
    defaultCommand: commands.find(({ isDefault }) => isDefault)?.name ?? '',
    commands: commands.map(({ name, summary, command: { flags, positionals = {} } }) => ({
      name,
      summary,
      flags: [...Object.entries(flags).map(([key, flag]) => flagGrammar(key, flag, offers)), help],
      words: Object.values(positionals)[0]?.choices ?? [],
      ...nextOf(Object.values(positionals)[1], offers),
    })),
  }
}

function nextOf(second: Positionals[string] | undefined, offers: Offers): Pick<CommandGrammar, 'next'> {
  if (second?.completes === undefined) return {}
  return { next: { after: second.completes.after, choices: offers[second.completes.with] } }
}

const help: FlagGrammar = { long: '--help', short: '-h', help: 'Show help' }

function flagGrammar(key: string, flag: Flag, offers: Offers): FlagGrammar {
  const isOn = flag.type === 'boolean' && flag.default
  return {
    long: `--${isOn ? 'no-' : ''}${flagName(key)}`,
    ...(flag.short === undefined || isOn ? {} : { short: `-${flag.short}` }),
    help: flag.help,
    ...(flag.type === 'boolean' ? {} : { value: valueGrammar(flag, offers) }),
  }
}

function valueGrammar(flag: Exclude<Flag, { type: 'boolean' }>, offers: Offers): NonNullable<FlagGrammar['value']> {
  const completes = 'completes' in flag ? flag.completes : undefined
  const offered = completes === undefined || completes === 'albums' ? [] : offers[completes]
  return {
    hint: flag.hint ?? 'VALUE',
    choices: ('choices' in flag ? flag.choices : undefined) ?? offered,
    ...('path' in flag && flag.path !== undefined ? { path: flag.path } : {}),
    ...('separator' in flag && flag.separator !== undefined ? { isList: true } : {}),
    ...(completes === 'albums' ? { albums: true } : {}),
  }
}
