import { SmugdlError } from '../error.ts'
import { type Facts, problemOf } from './check-facts.ts'
import { type ContextCalls, contextCalls } from './context-calls.ts'
import type { FoundPlugin } from './find-plugins.ts'
import { type HostPlace, startHost } from './host-process.ts'
import { Peer } from './protocol.ts'
import type { Exporter, ExporterContext, Hooks, Logger, VerifiedFile } from './types.ts'

/** An exporter that lives in a process of its own, which ends when it is disposed of. */
export interface Plugin extends Exporter, AsyncDisposable {}

/** Lines that a plugin may print and log during one hook; more is a flood. */
const mostLines = 10_000

/** Warnings are shown and kept until the end of the run: so many, and what follows is detail. */
const mostWarnings = 100

/**
 * Starts a plugin's process and loads its code there. To the engine it is an exporter as any other; whatever becomes of the process, a
 * hook fails with a sentence and nothing else happens. Throws `usage` if it must not or cannot be loaded.
 */
export async function startPlugin(found: FoundPlugin, place: HostPlace): Promise<Plugin> {
  const { name, path } = found
  if (found.refusal !== undefined) throw new SmugdlError('usage', found.refusal)
  const unusable = (why: string) => new SmugdlError('usage', { what: `The plugin ${name} ${why}`, item: path })
  const files = new Map<string, VerifiedFile>()
  const early: string[] = []
  let calls: ContextCalls | undefined
  let log: Logger | undefined
  let written = 0
  let warnings = 0
  let died: string | undefined

  const process = startHost(found, place, {
    onLine: (line) => peer.receive(line),
    onPrint: (line) => (log === undefined ? void early.push(line.slice(0, 2000)) : counted('debug', line)),
  })
  const peer = new Peer({
    send: process.send,
    explain: (error) => (error instanceof Error ? error.message : String(error)),
    serve(method, args) {
      if (method === 'died') died = String(args[0])
      else return calls?.serve(method, args)
    },
  })
  process.ended.then((how) => peer.end(new Error(died ?? `its process ${how}`)))

  function counted(level: keyof Logger, text: string): void {
    written += 1
    if (written > mostLines) process.kill(`was ended, for it wrote more than ${mostLines} lines to the log at once`)
    else log?.[level === 'warn' && ++warnings > mostWarnings ? 'info' : level](text.slice(0, 2000))
  }

  let facts: Facts
  try {
    const said = (await answered(peer.call('load', found.entry), 30, process.kill)) as Record<string, unknown>
    const problem = problemOf(said, name)
    if (problem !== undefined) throw new Error(problem)
    facts = said as unknown as Facts
  } catch (error) {
    await process.close()
    throw unusable(error instanceof Error ? error.message : String(error))
  }
  const limitSeconds = (facts.hookMinutes ?? 5) * 60

  async function hook(name: keyof Hooks, ...args: readonly unknown[]): Promise<unknown> {
    written = 0
    // Whoever called has given up by then; a process that does not even answer will never do anything else.
    const timer = setTimeout(() => {
      answered(peer.call('ping'), 5, process.kill).catch(() => {})
    }, limitSeconds * 1000)
    try {
      return await peer.call('hook', name, ...args)
    } finally {
      clearTimeout(timer)
    }
  }

  async function deliver(...[image, file, where]: Parameters<Hooks['deliver']>): Promise<never> {
    if (file === undefined) return (await hook('deliver', image, null, where)) as never
    const { path, kind, size, md5, sha256, contentType } = file
    files.set(path, file)
    try {
      return (await hook('deliver', image, { path, kind, size, md5, sha256, contentType }, where)) as never
    } finally {
      files.delete(path)
    }
  }

  function onAbort(): void {
    peer.tell('abort')
    setTimeout(
      () => peer.pending > 0 && process.kill('was ended, for it went on when the run was to end'),
      3000,
    ).unref()
  }

  async function create(context: ExporterContext): Promise<Hooks> {
    const { output, options, dryRun, version, signal } = context
    log = context.log
    for (const line of early) counted('debug', line)
    calls = contextCalls(
      context,
      {
        debug: (text) => counted('debug', text),
        info: (text) => counted('info', text),
        warn: (text) => counted('warn', text),
      },
      files,
    )
    const creation = peer.call('create', { output, options, dryRun, version })
    const names = (await answered(creation, limitSeconds, process.kill)) as (keyof Hooks)[]
    if (!names.includes('deliver')) throw new Error('has no deliver(), the one hook that every exporter has')
    signal.addEventListener('abort', onAbort, { once: true })
    const forward = (name: keyof Hooks) => [name, (...args: unknown[]) => hook(name, ...args)]
    return { ...Object.fromEntries(names.map(forward)), deliver }
  }

  return {
    ...facts,
    reserves: [name],
    create,
    async [Symbol.asyncDispose]() {
      await process.close()
      await calls?.[Symbol.asyncDispose]()
    },
  }
}

/** Ends a process that does not answer in time; what it was asked fails then. */
async function answered<T>(answer: Promise<T>, seconds: number, kill: (reason: string) => void): Promise<T> {
  const timer = setTimeout(() => kill(`was ended, for it did not answer within ${seconds} s`), seconds * 1000)
  try {
    return await answer
  } finally {
    clearTimeout(timer)
  }
}
