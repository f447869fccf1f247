import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A command in a terminal of its own. */
export interface Terminal {
  /** All that it has shown, cursor movements included. */
  shown(): string
  type(text: string): void
  /** Sends a signal once all that was typed before has arrived. */
  kill(signal: NodeJS.Signals): void
  /** Resolves as soon as the screen has shown it. */
  saw(pattern: RegExp): Promise<string>
  /** How it ended, and whether the terminal echoes and edits lines as it did before. */
  ended: Promise<{ code: number; echo: boolean; lines: boolean }>
}

/** Why there can be no terminal here; undefined if there can. */
export const noTerminal: string | undefined =
  process.platform === 'win32'
    ? 'a pseudo-terminal of Windows needs a native module'
    : spawnSync('python3', ['-c', 'import fcntl, termios']).status === 0
      ? undefined
      : 'python3 is not installed'

const source = [process.execPath, fileURLToPath(new URL('../../src/main.ts', import.meta.url))]

interface TerminalOptions {
  columns?: number
  rows?: number
  command?: readonly string[]
  cwd?: string
}

/** Runs smugdl in a terminal of 80 columns and 24 rows: from source, or as what `command` starts. */
export async function inTerminal(
  args: readonly string[],
  env: Record<string, string>,
  { columns = 80, rows = 24, command = source, cwd }: TerminalOptions = {},
): Promise<Terminal> {
  const pty = fileURLToPath(new URL('pty.py', import.meta.url))
  const { PATH = '', HOME = '', TZ = 'UTC' } = process.env
  const child = spawn('python3', [pty, String(columns), String(rows), ...command, ...args], {
    env: { PATH, HOME, TZ, TERM: 'xterm-256color', ...env },
    ...(cwd !== undefined && { cwd }),
  })
  let text = ''
  let report = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    for (const look of waiting) look()
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    report += chunk
  })
  const ended = new Promise<{ code: number; echo: boolean; lines: boolean }>((resolve, reject) => {
    child.on('close', () => {
      try {
        resolve(JSON.parse(report))
      } catch {
        reject(new Error(`The terminal broke: ${report}`))
      }
    })
  })

  function saw(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      const look = () => {
        const found = pattern.exec(text)?.[0]
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  }

  await saw(/^\d+\n/)
  return {
    shown: () => text.slice(text.indexOf('\n') + 1),
    type: (typed) => void child.stdin.write(typed),
    kill: (signal) => void child.stdin.write(`\0${signal}\0`),
    saw,
    ended,
  }
}
