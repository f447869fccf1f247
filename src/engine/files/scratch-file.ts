import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { NewFile } from '../../exporter/types.ts'
import { syncHandle } from './fsync.ts'
import type { Incoming } from './incoming.ts'
import type { FileProof } from './proof.ts'
import { remove } from './quick-disk-calls.ts'

/** Writes to `scratch`. As long as it is neither committed nor aborted, `unfinished` has what aborts it. */
export async function scratchFile(
  scratch: string,
  unfinished: Set<() => Promise<void>>,
  place: (ready: Incoming & { modifiedMs: number }) => Promise<FileProof>,
): Promise<NewFile> {
  const handle = await open(scratch, 'wx')
  const hashes = { md5: createHash('md5'), sha256: createHash('sha256') }
  let size = 0
  let written: Promise<unknown> = Promise.resolve()
  const abort = async () => {
    unfinished.delete(abort)
    await written.catch(() => {})
    await handle.close()
    await remove(scratch)
  }
  unfinished.add(abort)
  const commit = async () => {
    await written
    await syncHandle(handle)
    const { mtimeMs } = await handle.stat()
    await handle.close()
    return place({
      path: scratch,
      size,
      md5: hashes.md5.digest('hex'),
      sha256: hashes.sha256.digest('hex'),
      movable: true,
      isBrought: false,
      modifiedMs: mtimeMs,
    })
  }
  return {
    path: scratch,
    commit: () => commit().finally(abort),
    abort,
    /** In order, and before `commit`, though nobody awaits it. */
    async write(chunk) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      hashes.md5.update(bytes)
      hashes.sha256.update(bytes)
      size += bytes.byteLength
      written = written.then(() => handle.appendFile(bytes))
      await written
    },
  }
}
