import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The built program; `SMUGDL_UNDER_TEST` names an executable to test in its place. */
const command: [string, ...string[]] = process.env.SMUGDL_UNDER_TEST
  ? [process.env.SMUGDL_UNDER_TEST]
  : [process.execPath, fileURLToPath(new URL('../../dist/smugdl.mjs', import.meta.url))]

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

export interface Program {
  child: ChildProcess
  /** Resolves as soon as either stream has shown it. */
  saw(pattern: RegExp): Promise<void>
  ended: Promise<Ended>
}

/** Starts smugdl with nothing in its environment but what it cannot do without, and `env`. */
export function start(
  args: readonly string[],
  { env = {}, cwd = '/' }: { env?: Record<string, string>; cwd?: string },
): Program {
  const [program, ...first] = command
  const { PATH = '', TZ = 'UTC' } = process.env
  const child = spawn(program, [...first, ...args], { cwd, env: { PATH, TZ, HOME: '/nonexistent', ...env } })
  const text = { out: '', err: '' }
  const waiting = new Set<() => void>()
  const reads = (from: 'out' | 'err') => (chunk: string) => {
    text[from] += chunk
    for (const look of waiting) look()
  }
  child.stdout.setEncoding('utf8').on('data', reads('out'))
  child.stderr.setEncoding('utf8').on('data', reads('err'))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...text }))
  })
  const saw = (pattern: RegExp) => {
    const seen = new Promise<void>((resolve) => {
      const look = () => {
        if (!pattern.test(text.out) && !pattern.test(text.err)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
    const tooLate = ended.then(({ code, out, err }) => {
      throw new Error(`ended with ${code} before ${pattern} was seen:\n${out}${err}`)
    })
    return Promise.race([seen, tooLate])
  }
  return { child, saw, ended }
}

export function smugdl(args: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Ended> {
  const { child, ended } = start(args, options)
  child.stdin?.end()
  return ended
}
