import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cli } from '../../src/cli/cli.ts'
import { secretsIn } from '../../src/cli/secrets.ts'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import type { World } from '../../src/simulator/world.ts'
import { type FileAtHome, readHome } from '../e2e/home.ts'
import { testIo } from './world.ts'

/** What a command line came to. */
export interface Came {
  code: number
  out: string
  err: string
  /** Standard output as lines of JSON. */
  rows(): Record<string, unknown>[]
}

/** An account behind a simulator of its own, an empty folder, and smugdl between them, in this process. */
export class Inside implements AsyncDisposable {
  readonly smugmug: Simulator
  readonly folder: string
  /** Where every command line looks, unless it names another output. */
  readonly output: string
  /** Milliseconds since 1970, as every command line sees it. */
  now: () => number = Date.now
  /** Where every command line is typed. */
  cwd = '/nowhere'

  private constructor(smugmug: Simulator, folder: string) {
    this.smugmug = smugmug
    this.folder = folder
    this.output = join(folder, 'home')
  }

  static async of(world: World): Promise<Inside> {
    return new Inside(await simulate(world), await mkdtemp(join(tmpdir(), 'smugdl-cli-')))
  }

  /** `env` is added to what reaches the simulator, or takes something from it. */
  async smugdl(args: readonly string[], env: Record<string, string | undefined> = {}): Promise<Came> {
    const all = { SMUGDL_CONFIG_DIR: this.folder, SMUGDL_OUTPUT: this.output, ...this.smugmug.environment, ...env }
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const io = testIo({ env: Object.fromEntries(given), now: this.now, cwd: this.cwd })
    const code = await cli(args, { io, secrets: secretsIn(io.env) })
    const rows = () =>
      io
        .out()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    return { code, out: io.out(), err: io.err(), rows }
  }

  /** The last event of `smugdl download --json`, and its exit code. */
  async download(...args: string[]): Promise<Record<string, unknown>> {
    const { code, rows } = await this.smugdl(['download', '--json', ...args])
    return { code, ...rows().at(-1) }
  }

  home(): Promise<Map<string, FileAtHome | 'empty folder' | 'link'>> {
    return readHome(this.output)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.smugmug.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}
