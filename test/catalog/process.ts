import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** A script of this folder as a process of its own, which says what it does in lines of JSON; killed by `using`. */
export class Script {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #exited: Promise<unknown>
  readonly #lines: AsyncIterator<string>

  /** `through`: a program that runs it, with arguments, such as strace. */
  constructor(file: string, args: string[], through: string[] = []) {
    const [command = '', ...rest] = [...through, process.execPath, join(import.meta.dirname, file), ...args]
    this.#child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
    // What is told to one that was killed is lost.
    this.#child.stdin.on('error', () => {})
    this.#exited = once(this.#child, 'exit')
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]()
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  tell(value: unknown): void {
    this.#child.stdin.write(`${JSON.stringify(value)}\n`)
  }

  /** The next line; undefined when it ended without one. */
  async said(): Promise<unknown> {
    const { value, done } = await this.#lines.next()
    return done ? undefined : JSON.parse(value)
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.#exited
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}
