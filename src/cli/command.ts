import type { ExitCode } from './exit.ts'
import type { Io } from './io.ts'

interface FlagFacts {
  /** A sentence without its full stop. */
  readonly help: string
  /** One letter. */
  readonly short?: string
  /** Placeholder of the value in help, in capitals; `VALUE` if absent. */
  readonly hint?: string
  /** The only command whose help shows the flag; if absent, each command that takes it. */
  readonly shownBy?: 'plugins'
}

/** `--x` and `--no-x`; help shows the one that differs from the default. */
interface BooleanFlag extends FlagFacts {
  readonly type: 'boolean'
  readonly default: boolean
}

interface TextFlag extends FlagFacts {
  readonly type: 'text'
  readonly default?: string
  readonly choices?: readonly string[]
  /** What a shell completes. */
  readonly path?: 'file' | 'directory'
}

interface IntegerFlag extends FlagFacts {
  readonly type: 'integer'
  readonly default?: number
  readonly min: number
  readonly max: number
}

/** May be given more than once. */
interface ListFlag extends FlagFacts {
  readonly type: 'list'
  readonly default?: readonly string[]
  readonly choices?: readonly string[]
  /** One value may hold several, separated by this. */
  readonly separator?: ','
  /** What a shell completes if any value is allowed. */
  readonly completes?: 'exporters' | 'exporterOptions' | 'albums'
}

export type Flag = BooleanFlag | TextFlag | IntegerFlag | ListFlag

/** By name in camel case: `dryRun` is `--dry-run` and `SMUGDL_DRY_RUN`. */
export type Flags = Readonly<Record<string, Flag>>

interface Positional {
  readonly help: string
  readonly required: boolean
  readonly choices?: readonly string[]
  /** What shells complete for it after this word. */
  readonly completes?: { readonly after: string; readonly with: 'exporters' }
  /** Takes all remaining arguments; allowed only for the last one. */
  readonly many?: true
}

/** In the order in which they are given. */
export type Positionals = Readonly<Record<string, Positional>>

type Choice<F, Free> = F extends { choices: readonly (infer C)[] } ? C : Free

type ValueOf<F> = F extends { many: true }
  ? readonly string[]
  : F extends { type: 'boolean' }
    ? boolean
    : F extends { type: 'integer' }
      ? F extends { default: number }
        ? number
        : number | undefined
      : F extends { type: 'list' }
        ? readonly Choice<F, string>[]
        : F extends { default: string } | { required: true }
          ? Choice<F, string>
          : Choice<F, string> | undefined

/** The values given by the user, or the defaults: checked and complete. */
type Values<F, P = unknown> = { readonly [N in keyof F]: ValueOf<F[N]> } & {
  readonly [N in keyof P]: ValueOf<P[N]>
}

/** What a command uses besides its values. */
export interface Context {
  readonly io: Io
  /** Code that learns a secret registers it here, so that no error text shows it. */
  readonly secrets: Set<string>
  /** The command line as it was given. */
  readonly args?: readonly string[]
  /** All commands, for commands about commands; passed by `cli`. */
  readonly commands?: () => Promise<readonly NamedCommand[]>
}

export interface NamedCommand {
  readonly name: string
  readonly summary: string
  readonly command: AnyCommand
  /** Whether this is the default command. */
  readonly isDefault: boolean
}

/**
 * A command as data: parsing, help, completion and the manual are derived from it. To add one, write its file and its line in
 * `commands.ts`. Its file is loaded for `--help` too, so heavy modules belong in an `import()` inside `run`.
 */
export interface Command<F extends Flags = Flags, P extends Positionals = Positionals> {
  /** Further help beyond the line in `commands.ts`: paragraphs, printed unchanged. */
  readonly about?: string
  readonly flags: F
  /** Groups of flags in help; flags in no group come last. */
  readonly groups?: readonly (readonly [title: string, flags: readonly (keyof F)[]])[]
  readonly positionals?: P
  /** Command lines that work, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[]
  /** Its exit codes, each with what it means here. */
  readonly exits: Readonly<Partial<Record<ExitCode, string>>>
  run(values: Values<F, P>, context: Context): Promise<ExitCode>
}

/** The identity function: it infers the type of `run`'s values from the flags. */
export function defineCommand<const F extends Flags, const P extends Positionals = Record<never, never>>(
  command: Command<F, P>,
): Command<F, P> {
  return command
}

/** Any command, its values unknown: what parsing, help and completion see. */
export type AnyCommand = Omit<Command, 'run'> & { run(values: never, context: Context): Promise<ExitCode> }

/** `dryRun` → `dry-run`. */
export function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
