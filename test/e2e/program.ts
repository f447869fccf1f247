import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** What is tested: the built program, or another one that a variable names, such as a packed executable. */
const program = process.env.SMUGDL_TEST_PROGRAM ?? join(import.meta.dirname, '../../dist/smugdl.mjs')

/** Whether Node that somebody else installed runs it, and not the one inside. */
export const isScript = /\.[cm]js$/.test(program)

/** What starts it; arguments follow. */
export const command: readonly string[] = [...(isScript ? [process.execPath] : []), program]

export interface Ended {
  /** The exit code; undefined when a signal ended it. */
  code: number | undefined
  signal: NodeJS.Signals | undefined
  stdout: string
  stderr: string
}

export interface Running {
  kill(signal: NodeJS.Signals): void
  /** SIGHUP to all that was started, as when a terminal goes. */
  hangUp(): void
  /** Whatever standard output has said so far. */
  readonly said: string
  readonly ended: Promise<Ended>
}

/**
 * Starts the program with exactly this environment; a script also gets a `PATH`, an executable needs none. `through`: another program that
 * runs it, such as strace, which does.
 */
export function start(
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
  through: readonly string[] = [],
): Running {
  if (!existsSync(program)) throw new Error(`${program} is missing: \`npm run build\` makes it`)
  const [first = program, ...rest] = [...through, ...command, ...args]
  const child = spawn(first, rest, {
    env: { PATH: isScript || through.length > 0 ? process.env.PATH : '', TZ: 'UTC', ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    // As cron starts it: with no terminal, whoever runs the tests.
    detached: true,
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk
  })
  return {
    kill: (signal) => void child.kill(signal),
    hangUp: () => void (child.pid !== undefined && process.kill(-child.pid, 'SIGHUP')),
    get said() {
      return said
    },
    ended: ended(child, text(child.stdout), text(child.stderr)),
  }
}

async function ended(child: ChildProcess, stdout: Promise<string>, stderr: Promise<string>): Promise<Ended> {
  const [code, signal] = await once(child, 'close')
  return { code: code ?? undefined, signal: signal ?? undefined, stdout: await stdout, stderr: await stderr }
}
