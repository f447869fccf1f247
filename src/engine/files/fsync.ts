import { open } from 'node:fs/promises'

/** Makes a file's bytes durable. Windows asks for the right to write, the others do without. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Makes a folder's entries durable: what was renamed or linked into it survives a power cut after this.
 * Windows keeps its folders by itself and refuses to open them; some network file systems refuse too, and have no such promise to give.
 */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r').catch((error) => {
    // Left empty and removed since: the folder around it is what counts now.
    if (error.code !== 'ENOENT') throw error
  })
  if (handle === undefined) return
  try {
    await handle.sync()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOTSUP')))
      throw error
  } finally {
    await handle.close()
  }
}
