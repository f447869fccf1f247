import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { type Ended, start } from '../e2e/program.ts'

/** A system call that changes files below a folder, in the order in which the kernel finished them. */
export interface Call {
  name: string
  /** Relative to the folder; '' is the folder itself. Of two, the second is where something comes to be. */
  paths: string[]
  /** How often this call named this path before, by the same thread: from 1. What strace counts as well. */
  time: number
  /** Of `openat` and others, their words in capitals: `O_CREAT|O_TRUNC`. */
  flags: string
  /** What is written. */
  data: Buffer | undefined
  /** Where it is written; undefined for behind what was written before. */
  offset: number | undefined
  /** What it returned: bytes, or a descriptor; below 0 for an error. */
  result: number
}

/** All calls that can change a file or its name, or make that durable. */
const changing = [
  ...['openat', 'creat', 'write', 'pwrite64', 'writev', 'pwritev', 'pwritev2', 'ftruncate', 'truncate', 'fallocate'],
  ...['fsync', 'fdatasync', 'sync_file_range', 'rename', 'renameat', 'renameat2', 'link', 'linkat', 'unlink'],
  ...['unlinkat', 'mkdir', 'mkdirat', 'rmdir', 'utimensat', 'copy_file_range', 'sendfile', 'ioctl', 'symlink'],
]

/** Why there is nothing to be traced here; undefined where there is. */
export function whyNoTrace(): string | undefined {
  if (process.platform !== 'linux') return 'system calls are traced on Linux only'
  if (spawnSync('strace', ['-V']).status !== 0) return 'there is no strace'
  return undefined
}

/** The program with one thread for files, so that every run makes the same calls in the same order. */
export function startTraced(
  options: readonly string[],
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<Ended> {
  return start(args, { UV_THREADPOOL_SIZE: '1', ...env }, cwd, ['strace', '-f', '-qq', ...options]).ended
}

/** What strace is to write down, and where. */
export function recordTo(log: string): string[] {
  return ['-y', '-xx', '-s', '100000000', '-o', log, '-e', `trace=${changing.join(',')}`, '-e', 'signal=none']
}

/** The calls in a log that touch something below `folder`. */
export async function callsIn(log: string, folder: string): Promise<Call[]> {
  const calls: Call[] = []
  const begun = new Map<string, string>()
  const times = new Map<string, number>()
  for (const line of (await readFile(log, 'latin1')).split('\n')) {
    const [, thread = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    if (text.endsWith(' <unfinished ...>')) {
      begun.set(thread, text.slice(0, -' <unfinished ...>'.length))
      continue
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text)
    const call = callIn(resumed ? `${begun.get(thread) ?? ''}${resumed[1]}` : text, folder)
    if (call === undefined) continue
    for (const path of call.paths) {
      const key = `${thread} ${call.name} ${path}`
      const time = (times.get(key) ?? 0) + 1
      times.set(key, time)
      call.time = time
    }
    calls.push(call)
  }
  return calls
}

/** Undefined for a call that has to do with other files, or with none. */
function callIn(text: string, folder: string): Call | undefined {
  const [, name = '', args = '', result = ''] = /^(\w+)\((.*)\) += (-?\d+)/.exec(text) ?? []
  if (name === '') return undefined
  const below = (path: string) =>
    path === folder ? '' : path.startsWith(`${folder}/`) && path.slice(folder.length + 1)
  const inBrackets = [...args.matchAll(/\d<((?:\\x[0-9a-f]{2})+)>/g)]
  const quoted = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map((match) => bytesOf(match[1] ?? ''))
  const writes = /^p?writev?/.test(name)
  const named = writes ? [] : quoted.map((bytes) => bytes.toString())
  const open = inBrackets.map((match) => bytesOf(match[1] ?? '').toString())
  const paths = (named.length > 0 ? named : open).map(below).filter((path) => path !== false)
  if (paths.length === 0) return undefined
  const offset = /, (\d+)$/.exec(args)?.[1]
  return {
    name,
    paths,
    time: 0,
    flags: /O_[A-Z_|]+/.exec(args)?.[0] ?? /FICLONE/.exec(args)?.[0] ?? '',
    data: writes ? Buffer.concat(quoted) : undefined,
    offset: (name.startsWith('pwrite') || name === 'ftruncate') && offset !== undefined ? Number(offset) : undefined,
    result: Number(result),
  }
}

/** Of `\x2f\x74…`. */
function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex')
}
