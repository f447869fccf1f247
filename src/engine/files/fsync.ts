import { type FileHandle, open } from 'node:fs/promises'
import { isSystemError, isUnsupported } from '../../disk-error.ts'

/** Makes a file's bytes durable. Windows asks for the right to write, the others do without. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    await syncHandle(handle)
  } finally {
    await handle.close()
  }
}

/**
 * As `syncFile`, of a file that is open. Some network disks refuse and have no such promise to give: then nothing more can be done, and
 * whoever runs smugdl hears of it once (`Catalog.isDurable`).
 */
export async function syncHandle(handle: Pick<FileHandle, 'sync'>): Promise<void> {
  try {
    await handle.sync()
  } catch (error) {
    if (!isUnsupported(error)) throw error
  }
}

/**
 * Makes a folder's entries durable: what was renamed or linked into it survives a power cut after this.
 * Windows keeps its folders by itself and refuses to open them; some network file systems refuse too, and have no such promise to give; a
 * folder that may be written to and not read cannot be opened.
 */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r').catch((error) => {
    // Left empty and removed since: the folder around it is what counts now.
    if (!isSystemError(error, 'ENOENT') && !isSystemError(error, 'EACCES')) throw error
  })
  if (handle === undefined) return
  try {
    await syncHandle(handle)
  } finally {
    await handle.close()
  }
}
