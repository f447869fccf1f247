import { AsyncLocalStorage } from 'node:async_hooks'
import type { ExporterContext, Logger, VerifiedFile } from '../../exporter/types.ts'
import type { FoundPlugin } from '../find.ts'
import { mostCalls, Peer } from '../protocol.ts'
import { type ContextCalls, contextCalls } from './serve-context.ts'
import { type HostPlace, startHost } from './spawn.ts'

/** Maximum number of lines that a plugin may print and log during one hook. */
const mostLines = 10_000

/** Maximum number of warnings, which are shown and kept until the end of the run; further ones are logged as details. */
const mostWarnings = 100

const longestText = 2000

/** smugdl's handle of a plugin's process. Whatever happens to the process, calls are only rejected, with a sentence. */
export interface Hosted extends AsyncDisposable {
  /** Without `seconds` there is no time limit; a process that exceeds the limit is ended. */
  call(seconds: number | undefined, method: string, ...args: readonly unknown[]): Promise<unknown>
  notify(method: string): void
  /** Ends the process after this many seconds if it has not answered everything by then. */
  endAfter(seconds: number, reason: string): void
  /** Sets the plugin's context. `files` are those passed to it, by path. */
  attach(context: ExporterContext, files: Map<string, VerifiedFile>): void
  /**
   * Starts a hook, from which log lines are counted. The plugin's process passes the returned number with each call to its context, so that
   * the call is attributed to this hook.
   */
  beginHook(): number
  endHook(number: number): void
}

export function openHost(plugin: FoundPlugin, place: HostPlace): Hosted {
  const early: string[] = []
  let calls: ContextCalls | undefined
  let log: Logger | undefined
  let written = 0
  let warnings = 0
  let died: string | undefined
  let hooks = 0
  const atWork = new Map<unknown, ReturnType<typeof AsyncLocalStorage.snapshot>>()

  const process = startHost(plugin, place, {
    onLine: (line) => peer.receive(line),
    onPrint: (line) => write('debug', line),
  })
  const peer = new Peer({
    send: process.send,
    most: mostCalls,
    explain: (error) => (error instanceof Error ? error.message : String(error)),
    serve(method, args) {
      if (method === 'died') died = String(args[0]).slice(0, longestText)
      else {
        const [hook, ...rest] = args
        const serve = () => calls?.serve(method, rest)
        const asIfThere = atWork.get(hook)
        return asIfThere === undefined ? serve() : asIfThere(serve)
      }
    },
  })
  process.ended.then((how) => peer.end(new Error(died ?? `its process ${how}`)))

  function write(level: keyof Logger, text: string): void {
    written += 1
    if (written > mostLines) process.kill(`was ended, for it wrote more than ${mostLines} lines to the log at once`)
    else if (log === undefined) early.push(text.slice(0, longestText))
    else log[level === 'warn' && ++warnings > mostWarnings ? 'info' : level](text.slice(0, longestText))
  }

  return {
    async call(seconds, method, ...args) {
      const kill = () => process.kill(`was ended, for it did not answer within ${seconds} s`)
      const timer = seconds === undefined ? undefined : setTimeout(kill, seconds * 1000)
      try {
        return await peer.call(method, ...args)
      } finally {
        clearTimeout(timer)
      }
    },
    notify: (method) => peer.notify(method),
    endAfter(seconds, reason) {
      setTimeout(() => peer.pending > 0 && process.kill(reason), seconds * 1000).unref()
    },
    attach(context, files) {
      log = context.log
      for (const line of early) log.debug(line)
      const counted = (level: keyof Logger) => (text: string) => write(level, text)
      const counting = { debug: counted('debug'), info: counted('info'), warn: counted('warn') }
      calls = contextCalls(context, counting, files)
    },
    beginHook() {
      written = 0
      atWork.set(++hooks, AsyncLocalStorage.snapshot())
      return hooks
    },
    endHook: (number) => void atWork.delete(number),
    async [Symbol.asyncDispose]() {
      await process.close()
      await calls?.[Symbol.asyncDispose]()
    },
  }
}
