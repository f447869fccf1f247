import { rm } from 'node:fs/promises'
import { syncFile } from './fsync.ts'
import { type Hashes, hashesOf } from './hash.ts'

/** The hashes of a copy that was just made, durable from now on; undefined, and the copy gone, when they are not what is wanted. */
export async function provenCopy(path: string, isWanted: (hashes: Hashes) => boolean): Promise<Hashes | undefined> {
  const hashes = await hashesOf(path)
  if (isWanted(hashes)) {
    await syncFile(path)
    return hashes
  }
  await rm(path, { force: true })
  return undefined
}
