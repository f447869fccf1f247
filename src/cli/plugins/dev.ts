import { watch } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { GrantValues } from '../../app/plugin-permissions.ts'
import { printable } from '../../app/text/printable.ts'
import { SmugdlError } from '../../error.ts'
import { listenForInterrupt } from '../interrupt.ts'
import type { Io } from '../io.ts'
import { check, pluginAtPath } from './check.ts'

/** Checks a plugin, and again whenever something in its folder is saved, until Ctrl-C. */
export async function dev(path: string, values: GrantValues & { quick: boolean }, io: Io): Promise<0> {
  const { path: watched, isFolder } = await pluginAtPath(path, io)
  using interrupt = listenForInterrupt(() => {})
  const saves = new Saves(isFolder ? watched : dirname(watched), interrupt.draining)
  while (!interrupt.draining.aborted) {
    await check(path, values, io, saves.next()).catch((error) => {
      if (interrupt.draining.aborted) return
      if (!(error instanceof SmugdlError)) throw error
      io.stdout.write(`${printable(error.message)}\n`)
    })
    if (interrupt.draining.aborted) break
    io.stderr.write('Waiting until it is saved again; Ctrl-C ends.\n')
    await saves.saved()
  }
  return 0
}

/** One after the other, as signals. */
class Saves {
  readonly #end: AbortSignal
  #next = new AbortController()

  constructor(folder: string, end: AbortSignal) {
    this.#end = end
    end.addEventListener('abort', () => this.#next.abort(), { once: true })
    this.#listen(folder).catch(() => {}) // ends with `end`
  }

  /** Aborted by the next save from now on, or the end. */
  next(): AbortSignal {
    if (!this.#end.aborted) this.#next = new AbortController()
    return this.#next.signal
  }

  /** Resolves when the signal that `next` gave last is aborted. */
  async saved(): Promise<void> {
    const { signal } = this.#next
    if (signal.aborted) return
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  }

  async #listen(folder: string): Promise<void> {
    for await (const _ of watch(folder, { recursive: true, signal: this.#end })) this.#next.abort()
  }
}
