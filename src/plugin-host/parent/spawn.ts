import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type { FoundPlugin } from '../find.ts'
import { type Grants, nodeFlags } from '../permissions.ts'
import { hostArgument, lines, longestLine } from '../protocol.ts'

/** Megabytes of JavaScript's own memory that a plugin may use. Buffers are outside of it. */
const heapMb = 512

/** Maximum bytes of answers that a plugin may leave unread; until it reads them, no more of its messages are read. */
const mostUnread = 16 * 1024 * 1024

export interface HostPlace {
  /** The command that starts this program: the executable and, unless it is self-contained, the file that it runs. */
  readonly program: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Paths that it may read, besides the plugin itself. */
  readonly folders: Pick<Grants, 'read' | 'write'>
  /** Additional permissions granted by the user. */
  readonly grants: Grants
}

export interface HostProcess {
  send(line: string): void
  /** Resolves when the process has ended, with the reason as the end of a sentence: "its process …". */
  readonly ended: Promise<string>
  /** Asks the process to end, and kills it after two seconds. */
  close(): Promise<void>
  /** Kills the process at once; `ended` resolves with `reason`. */
  kill(reason: string): void
}

/** Starts the process of a plugin. `onLine` receives its messages, `onPrint` the lines that the plugin prints. */
export function startHost(
  plugin: FoundPlugin,
  place: HostPlace,
  { onLine, onPrint }: { onLine(line: string): void; onPrint(line: string): void },
): HostProcess {
  const [command = '', ...args] = commandLine(plugin, place)
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(command, args, {
    cwd: dirname(plugin.entry),
    env: environment(place.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const ended = Promise.withResolvers<string>()
  let reason: string | undefined
  let lastWords = ''

  function kill(why: string): void {
    reason ??= why
    child.kill('SIGKILL')
  }

  /** Messages are not trusted: an invalid line ends the process. */
  function guarded(read: (chunk: string) => void, what: string): (chunk: string) => void {
    return (chunk) => {
      if (reason !== undefined) return
      try {
        read(chunk)
      } catch (error) {
        kill(`${what} (${error instanceof Error ? error.message : String(error)})`)
      }
    }
  }

  child.stdout.setEncoding('utf8').on('data', guarded(lines(onLine, longestLine), 'sent what smugdl cannot read'))
  const print = (line: string) => {
    lastWords = `${lastWords}\n${line}`.slice(-4000)
    onPrint(line)
  }
  child.stderr.setEncoding('utf8').on('data', guarded(lines(print, 1024 * 1024), 'printed what smugdl cannot read'))
  child.stdin.on('error', () => {}) // the process has ended, which `close` reports
  // Without the connection the process is of no use. A process that ends closes it too, and its exit code says more.
  child.stdout.on('end', () => setTimeout(() => kill('closed its line to smugdl'), 1000).unref())
  child.on('error', (error) => ended.resolve(`could not be started: ${error.message}`))
  child.on('close', (code, signal) => ended.resolve(reason ?? endOf(code, signal, lastWords)))

  return {
    send(line) {
      child.stdin.write(line)
      if (child.stdin.writableLength <= mostUnread || child.stdout.isPaused()) return
      child.stdout.pause()
      child.stdin.once('drain', () => child.stdout.resume())
    },
    ended: ended.promise,
    kill,
    async close() {
      child.stdin.end()
      const timer = setTimeout(() => kill('did not end when it should'), 2000)
      await ended.promise
      clearTimeout(timer)
    },
  }
}

function commandLine(plugin: FoundPlugin, { program, folders, grants }: HostPlace): string[] {
  const [executable = '', script] = program
  const own = realpathSync(plugin.path)
  const folder = script === undefined ? undefined : dirname(realpathSync(script))
  const ownCode = folder === undefined ? [] : [folder, join(folder, '../node_modules'), join(folder, '../package.json')]
  const flags = [
    `--max-old-space-size=${heapMb}`,
    ...nodeFlags({
      ...grants,
      read: [...new Set([plugin.path, own]), ...ownCode, ...folders.read, ...grants.read],
      write: [...folders.write, ...grants.write],
    }),
  ]
  // Our executable takes Node's flags in one argument, which is split like NODE_OPTIONS.
  if (script === undefined)
    return [executable, `--node-options=${flags.map(quoted).join(' ')}`, hostArgument, plugin.name]
  return [executable, ...flags, script, hostArgument, plugin.name]
}

function quoted(flag: string): string {
  return `"${flag.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Environment variables that programs need to run; none of them holds secrets. */
const needed = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'LD_LIBRARY_PATH',
]

function environment(env: HostPlace['env']): Record<string, string> {
  return Object.fromEntries(needed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}

function endOf(code: number | null, signal: NodeJS.Signals | null, lastWords: string): string {
  if (/heap out of memory|heap limit/i.test(lastWords)) return `ran out of memory (it may use ${heapMb} MB)`
  if (signal !== null) return `was ended by ${signal}`
  const words = lastWords.split('\n').find((line) => /^\w*Error\b/.test(line))
  return `ended with code ${code}${code !== 0 && words ? `: ${words}` : ''}`
}
