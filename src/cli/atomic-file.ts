import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { SmugdlError } from '../error.ts'
import { refuseInsideOwnFolder } from './own-folder.ts'

/** A file being written; nothing appears at its path before `commit`. */
export interface AtomicFile extends Disposable {
  write(text: string): void
  commit(): void
}

/** Size of the buffer before a write to the disk, in characters. */
const batch = 1 << 16

/** Creates a file at a path given by the user, replacing a file or link there (a link is not followed). Throws `usage`, naming `flag`, if it is not writable. */
export function atomicFile(path: string, flag: string): AtomicFile {
  refuseInsideOwnFolder(path, flag)
  // An unpredictable name, so that no link can have been planted there.
  const partial = `${path}.${randomBytes(6).toString('hex')}.partial`
  const trying = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      throw new SmugdlError('usage', {
        what: 'The file cannot be written',
        item: path,
        next: `Choose another one with ${flag}`,
        cause,
      })
    }
  }
  let handle: number | undefined = trying(() => openSync(partial, 'wx'))
  let text = ''

  /** Writes everything, because one call may write only a part. */
  function flush(): void {
    const waiting = Buffer.from(text)
    text = ''
    for (let at = 0; handle !== undefined && at < waiting.length; ) at += writeSync(handle, waiting, at)
  }

  return {
    write(more) {
      text += more
      if (text.length >= batch) trying(flush)
    },
    commit() {
      trying(() => {
        flush()
        if (handle !== undefined) closeSync(handle)
        handle = undefined
        renameSync(partial, path)
      })
    },
    [Symbol.dispose]() {
      if (handle === undefined) return
      closeSync(handle)
      rmSync(partial, { force: true })
    },
  }
}
