import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What is odd about a disk: `odd_disk.py` says what each means. */
export type Oddity =
  | 'exdev'
  | 'links'
  | 'times'
  | 'early-times'
  | 'sync'
  | 'modes'
  | 'no-statfs'
  | 'zero-statfs'
  | 'names'
  | 'locked'

/** Debian's own: python3-fusepy is installed for it. */
const python = '/usr/bin/python3'

/** Why no odd disk can be mounted here; undefined where one can. */
export function whyNoOddDisk(): string | undefined {
  if (process.platform !== 'linux') return 'odd disks are mounted on Linux only'
  if (!existsSync('/dev/fuse')) return 'there is no FUSE'
  if (spawnSync(python, ['-c', 'try:\n import fusepy\nexcept ImportError:\n import fuse']).status !== 0)
    return 'there is no python3-fusepy'
  if (spawnSync('fusermount', ['-V']).status !== 0) return 'there is no fusermount'
  return undefined
}

/** Mounts a disk of these oddities at `folder`, which is made; what is on it lies in `<folder>.disk`. Gone when it is disposed of. */
export async function oddDisk(folder: string, ...oddities: Oddity[]): Promise<AsyncDisposable & { behind: string }> {
  const behind = `${folder}.disk`
  for (const path of [folder, behind]) await mkdir(path, { recursive: true })
  const before = (await stat(folder)).dev
  const program = join(import.meta.dirname, 'odd_disk.py')
  const server = spawn(python, [program, behind, folder, ...oddities], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  server.stderr.on('data', (chunk) => {
    said += chunk
  })
  const ended = once(server, 'close')
  while ((await stat(folder)).dev === before) {
    if (server.exitCode !== null) throw new Error(`the odd disk ended: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    behind,
    async [Symbol.asyncDispose]() {
      spawnSync('fusermount', ['-u', '-z', folder])
      await ended
    },
  }
}
