import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder, syncHandle } from '../engine/files/fsync.ts'

/** Throws where a file, which is empty yet, is not private enough. */
export type Requirement = (file: FileHandle) => Promise<void>

/** Writes a file that only its owner may read. After a crash there is the old one or the new one; nothing is written before it is as `required`. */
export async function writePrivate(path: string, text: string, required?: Requirement): Promise<void> {
  await staged(path, required, async (file, beside) => {
    await file.writeFile(text)
    await syncHandle(file)
    await rename(beside, path)
    await syncFolder(dirname(path))
  })
}

/** Throws what `writePrivate` would throw before it writes; nothing is there afterwards but the folder. */
export async function tryPrivate(path: string, required: Requirement): Promise<void> {
  await staged(path, required, (_, beside) => rm(beside))
}

async function staged(
  path: string,
  required: Requirement | undefined,
  finish: (file: FileHandle, beside: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path)
  const beside = join(folder, `.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await using file = await open(beside, 'wx', 0o600)
    await required?.(file)
    await finish(file, beside)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {})
    throw error
  }
}
