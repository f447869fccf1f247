import type { Stats } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { SmugdlError } from '../../error.ts'

/**
 * Refuses special files in a plugin's folder, which may contain only files and folders. A link could lead smugdl, which may write everywhere,
 * out of it; a FIFO or a device would block a reader. Throws `item` if there is one on the way to `path`, names joined by `/` below `folder`;
 * missing parts are accepted. `folder` itself may be a link, which the user made.
 */
export async function refuseSpecialOnPath(folder: string, path: string): Promise<void> {
  let at = folder
  for (const name of path.split('/')) {
    at = join(at, name)
    const there = await lstat(at).catch(() => undefined)
    if (there === undefined) return
    refuse(at, there)
  }
}

/** As `refuseSpecialOnPath`, for everything in the folder. */
export async function refuseSpecialIn(folder: string): Promise<void> {
  const folders = [folder]
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    const entries = await opendir(at).catch(() => undefined)
    if (entries === undefined) continue
    for await (const entry of entries) {
      if (entry.isDirectory()) folders.push(join(at, entry.name))
      else if (!entry.isFile()) refuse(join(at, entry.name), await lstat(join(at, entry.name)))
    }
  }
}

function refuse(path: string, there: Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): void {
  if (there.isFile() || there.isDirectory()) return
  throw new SmugdlError('item', {
    what: `${there.isSymbolicLink() ? 'A symbolic link' : 'A device, FIFO or socket'} stands in a plugin's folder, where files and folders belong`,
    item: path,
    next: 'If you did not put it there, do not use this plugin; remove it',
  })
}
