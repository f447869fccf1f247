import { type Flag, flagName, type NamedCommand } from '../command.ts'

/** What a shell must know to complete a command line. */
export interface Grammar {
  /** The command that is meant where none is named. */
  defaultCommand: string
  commands: CommandGrammar[]
}

export interface CommandGrammar {
  name: string
  summary: string
  flags: FlagGrammar[]
  /** What may stand as first argument. */
  words: readonly string[]
}

export interface FlagGrammar {
  /** `--output`, or `--no-…` of a flag that is on by default. */
  long: string
  /** `-o` */
  short?: string
  help: string
  /** Absent: it takes no value. */
  value?: { hint: string; choices: readonly string[]; path?: 'file' | 'directory' }
}

export function grammarOf(commands: readonly NamedCommand[]): Grammar {
  return {
    defaultCommand: commands.find(({ isDefault }) => isDefault)?.name ?? '',
    commands: commands.map(({ name, summary, command: { flags, positionals = {} } }) => ({
      name,
      summary,
      flags: [...Object.entries(flags).map(([key, flag]) => flagGrammar(key, flag)), help],
      words: Object.values(positionals)[0]?.choices ?? [],
    })),
  }
}

const help: FlagGrammar = { long: '--help', short: '-h', help: 'Show help' }

function flagGrammar(key: string, flag: Flag): FlagGrammar {
  const isOn = flag.type === 'boolean' && flag.default
  return {
    long: `--${isOn ? 'no-' : ''}${flagName(key)}`,
    ...(flag.short === undefined || isOn ? {} : { short: `-${flag.short}` }),
    help: flag.help,
    ...(flag.type === 'boolean' ? {} : { value: valueGrammar(flag) }),
  }
}

function valueGrammar(flag: Exclude<Flag, { type: 'boolean' }>): NonNullable<FlagGrammar['value']> {
  return {
    hint: flag.hint ?? 'VALUE',
    choices: 'choices' in flag ? (flag.choices ?? []) : [],
    ...('path' in flag && flag.path !== undefined ? { path: flag.path } : {}),
  }
}
