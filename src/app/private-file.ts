import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm, rmdir } from 'node:fs/promises'
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

/** Throws what `writePrivate` would throw before it writes; nothing is there afterwards that was not there before. */
export async function tryPrivate(path: string, required: Requirement): Promise<void> {
  const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await staged(path, required, (_, beside) => rm(beside))
  } finally {
    if (made !== undefined) await removeEmpty(dirname(path), made)
  }
}

/** A folder and those around it up to `top`, as long as they are empty. */
async function removeEmpty(folder: string, top: string): Promise<void> {
  const isGone = await rmdir(folder).then(
    () => true,
    () => false,
  )
  if (isGone && folder !== top) await removeEmpty(dirname(folder), top)
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
