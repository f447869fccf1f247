import { AsyncLocalStorage } from 'node:async_hooks'
import { Semaphore } from '../../async/semaphore.ts'
import type { FileFacts, Hooks } from '../../exporter/types.ts'
import { type HookName, hookNames } from '../hook-names.ts'
import { hostArgument, lines, longestLine, mostCalls, Peer } from '../protocol.ts'
import { closeDoors } from './close-doors.ts'
import { type ContextFacts, hostContext } from './context.ts'
import { load } from './load.ts'
import { readable } from './readable.ts'
import { refused } from './refusals.ts'

/**
 * The process in which a plugin runs: loads the plugin on request, calls its hooks, and forwards their calls to the context. It is started
 * with Node's permissions by spawn.ts, as `smugdl --plugin-host NAME`, and ends with the smugdl that started it.
 */
export function host(): void {
  const name = process.argv[process.argv.indexOf(hostArgument) + 1] ?? ''
  // With --allow-all there are no permissions, and nothing is closed.
  if (process.permission !== undefined) closeDoors({ run: process.permission.has('child') })
  const { input, send } = takeStandardStreams()
  const stuck = new Set<PromiseWithResolvers<never>>()
  /** Number of the hook that is calling its context. */
  const atWork = new AsyncLocalStorage<unknown>()
  const aborted = new AbortController()
  let exporter: { create(context: unknown): unknown } | undefined
  let hooks: Hooks | undefined

  const peer = new Peer({ send, serve, explain: (error) => sentenceOf(name, error) })
  const underWay = new Semaphore(mostCalls)

  function serve(method: string, args: readonly unknown[]): unknown {
    switch (method) {
      case 'load':
        return loaded(String(args[0]))
      case 'create':
        return create(args[0] as ContextFacts)
      case 'hook':
        return atWork.run(args[0], () => hook(args[1] as HookName, args.slice(2)))
      case 'ping':
        return true
      case 'abort':
        return aborted.abort()
    }
    throw new Error(`a host does not know ${method}`)
  }

  function loaded(entry: string): unknown {
    const found = load(entry)
    if (typeof found !== 'object' || found === null) throw new TypeError('has no default export that is an object')
    if (!('create' in found) || typeof found.create !== 'function') throw new TypeError('has no create(context)')
    exporter = found as typeof exporter
    const { create: _, ...facts } = found
    return plain(facts, 'says of itself')
  }

  /** The names of its hooks. */
  async function create(facts: ContextFacts): Promise<HookName[]> {
    const made = await unlessStuck(() => exporter?.create(hostContext(ask, peer, facts, aborted.signal)))
    if (typeof made !== 'object' || made === null) throw new TypeError('returned no object of hooks')
    hooks = made as Hooks
    return hookNames.filter((name) => typeof hooks?.[name] === 'function')
  }

  async function hook(called: HookName, args: unknown[]): Promise<unknown> {
    const does = hooks?.[called] as ((...args: unknown[]) => unknown) | undefined
    if (called === 'deliver' && args[1] !== null) args[1] = readable(args[1] as FileFacts & { path: string })
    return plain(await unlessStuck(() => does?.apply(hooks, args)), 'returned')
  }

  /** The result of `work`; throws if nothing is left that could complete it. */
  async function unlessStuck(work: () => unknown): Promise<unknown> {
    const never = Promise.withResolvers<never>()
    stuck.add(never)
    stayAlive()
    try {
      return await Promise.race([work(), never.promise])
    } finally {
      stuck.delete(never)
      stayAlive()
    }
  }

  async function ask(method: string, ...args: readonly unknown[]): Promise<unknown> {
    await underWay.acquire()
    const answer = peer.call(method, atWork.getStore() ?? 0, ...args)
    stayAlive()
    try {
      return await answer
    } finally {
      underWay.release()
      stayAlive()
    }
  }

  /** While hooks run without an unanswered call, no message from smugdl could complete them, so the connection must not keep the process alive. */
  function stayAlive(): void {
    if (stuck.size > 0 && peer.pending === 0) input.unref()
    else input.ref()
  }

  process.on('beforeExit', () => {
    const never = new Error('never ends: nothing is left that could bring what it waits for')
    for (const { reject } of stuck) reject(never)
    input.ref()
  })
  process.on('uncaughtException', (error) => {
    peer.notify('died', `threw where no hook waits for it: ${sentenceOf(name, error)}`)
    process.exit(1)
  })
  // Ctrl-C reaches every process of the terminal; smugdl decides what it means for plugins.
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {})
  input.on(
    'data',
    lines((line) => peer.receive(line), longestLine),
  )
  input.on('end', () => process.exit())
}

/** Standard input and output are reserved for smugdl; what the plugin prints goes to standard error, and from there into the log. */
function takeStandardStreams() {
  const { stdin, stdout, stderr } = process
  for (const stream of [stdout, stderr]) waitForReader(stream)
  Object.defineProperty(process, 'stdout', { get: () => stderr })
  stdin.setEncoding('utf8')
  return {
    input: stdin as typeof stdin & { ref(): void; unref(): void },
    send: (line: string) => void stdout.write(line),
  }
}

/** Writes synchronously: a plugin that writes faster than smugdl reads has to wait instead of buffering, and nothing is lost when the process ends. */
function waitForReader(stream: object): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?(blocking: boolean): void } }
  handle?.setBlocking?.(true)
}

/** Messages between the processes are JSON; a value that JSON would change is refused with a clear error. */
function plain(value: unknown, verb: string): unknown {
  try {
    return value === undefined ? undefined : JSON.parse(JSON.stringify(value) ?? 'null')
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw new TypeError(`${verb} something that JSON cannot hold: ${reason}`)
  }
}

function sentenceOf(name: string, error: unknown): string {
  return refused(name, error) ?? (error instanceof Error ? error.message : String(error))
}
