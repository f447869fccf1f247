/** The part of the outside world that use cases read; the caller decides what it is. */
export interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  /** Absolute. */
  readonly cwd: string
  /** How this program is started: the executable, and unless everything is in that, the file that it runs. */
  readonly program: readonly string[]
}

/** What every use case gets beside its options. It prints nothing and never exits: it says what happens, and returns or throws. */
export interface Surroundings<Event = Notice> {
  readonly environment: Environment
  /** Hears what happens, as it happens. */
  events(event: Event): void
  /** Aborted: begin nothing new, bring to an end what is under way. */
  readonly signal: AbortSignal
  /** Aborted: stop at once. Without it, what is under way is always brought to an end. */
  readonly halt?: AbortSignal
  /** Milliseconds since 1970. */
  now(): number
  /** Code that learns a secret registers it here, so that no error text and no log shows it. */
  readonly secrets?: Set<string>
}

/** A sentence for the user. */
export interface Notice {
  type: 'notice'
  text: string
}

/** The two signals of a run. */
export function interruptOf({ signal, halt }: Pick<Surroundings, 'signal' | 'halt'>): {
  draining: AbortSignal
  signal: AbortSignal
} {
  return { draining: signal, signal: halt ?? new AbortController().signal }
}
