import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import type { World } from '../../src/simulator/world.ts'
import { screenOf } from '../cli/render/screen.ts'
import { inTerminal, noTerminal, type Terminal } from '../cli/terminal.ts'
import { command, isScript } from './program.ts'

/** Why there can be no transcript here; undefined if there can. */
export const noTranscript: string | undefined =
  noTerminal ?? (isScript ? undefined : 'an executable takes no clock that stands still')

/** A person with an account, a home folder, and a terminal, in which the same is shown each time: see `still.mjs`. */
export class Screen implements AsyncDisposable {
  readonly smugmug: Simulator
  /** As long as the one that transcripts show instead: lines are wrapped at the same places. */
  readonly folder: string
  readonly columns: number
  #env: Record<string, string> = {}

  private constructor(smugmug: Simulator, folder: string, columns: number) {
    this.smugmug = smugmug
    this.folder = folder
    this.columns = columns
  }

  /** Somebody who has a login, unless told otherwise. */
  static async of(world: World, columns: number, { isLoggedIn = true } = {}): Promise<Screen> {
    const smugmug = await simulate(world, { now: () => Date.UTC(2026, 10, 29, 14, 3) })
    const screen = new Screen(smugmug, await mkdtemp('/tmp/smugdl-'), columns)
    await mkdir(join(screen.folder, 'config'))
    const { SMUGDL_API_ORIGIN = '', ...login } = smugmug.environment
    screen.#env = {
      HOME: screen.folder,
      SMUGDL_CONFIG_DIR: join(screen.folder, 'config'),
      SMUGDL_API_ORIGIN,
      TZ: 'UTC',
      ...(isLoggedIn ? login : {}),
    }
    return screen
  }

  /** A command line, to be answered. */
  start(args: readonly string[], { isLoggedIn = true, daysLater = 0 }: Moment = {}): Promise<Terminal> {
    const [first = '', ...rest] = command
    const still = join(import.meta.dirname, 'still.mjs')
    const { SMUGDL_ACCESS_TOKEN, SMUGDL_ACCESS_TOKEN_SECRET, SMUGDL_API_KEY, SMUGDL_API_SECRET, ...nobody } = this.#env
    return inTerminal(
      args,
      { ...(isLoggedIn ? this.#env : nobody), STILL_DAYS_LATER: String(daysLater) },
      { columns: this.columns, command: [first, '--import', still, ...rest], cwd: this.folder },
    )
  }

  /** A command line to its end: what was typed, what the terminal shows then, and the exit code. */
  async transcript(
    args: readonly string[],
    talk: (terminal: Terminal) => Promise<void> = async () => {},
    moment: Moment = {},
  ): Promise<string> {
    const terminal = await this.start(args, moment)
    await talk(terminal)
    const { code } = await terminal.ended
    // Wider than it is: what smugdl leaves to the terminal to break is shown as it is copied.
    const lines = screenOf(this.#tidied(terminal.shown()), Number.POSITIVE_INFINITY)
    const line = ['smugdl', ...args].map((word) => (/^[\w./:?&=+-]+$/.test(word) ? word : `'${word}'`)).join(' ')
    return `$ ${this.#tidied(line)}\n${lines.join('\n').trimEnd()}\n[exit ${code}]\n\n`
  }

  /** Whatever differs each time. */
  #tidied(text: string): string {
    return text
      .replaceAll(this.folder, '/home/marisol-vega')
      .replaceAll(this.smugmug.origin, 'https://api.smugmug.com')
      .replaceAll([...command].join(' '), '/usr/local/bin/smugdl')
      .replaceAll(/(?<=smugdl )\d+\.\d+\.\d+/g, '1.2.3')
      .replaceAll(/oauth_token=\w+/g, 'oauth_token=…')
      .replaceAll(/(shows: )\d{6}/g, '$1123456')
      .replaceAll(/(ends in …)\w{3}/g, '$1MJG')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.smugmug.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** When a command line is typed, and whether anybody is logged in then. */
export interface Moment {
  isLoggedIn?: boolean
  daysLater?: number
}

/** Lines that are wider than the terminal without need: one word, or what is to be copied, may be. */
export function tooWide(transcript: string, columns: number): string[] {
  const wide = transcript.split('\n').filter((line) => line.length > columns && !line.startsWith('$ '))
  return wide.filter((line) => !/^ *\S+$/.test(line) && !/^ {2}(?:smugdl .*|15 3 .*)$/.test(line))
}
