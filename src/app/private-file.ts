import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder } from '../engine/files/fsync.ts'

/** Writes a file that only its owner may read. After a crash there is the old one or the new one. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const folder = dirname(path)
  const staged = join(folder, `.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await using file = await open(staged, 'wx', 0o600)
    await file.writeFile(text)
    await file.sync()
    await rename(staged, path)
    await syncFolder(folder)
  } catch (error) {
    await rm(staged, { force: true }).catch(() => {})
    throw error
  }
}
