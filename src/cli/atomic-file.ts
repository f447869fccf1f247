import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { SmugdlError } from '../error.ts'
import { refuseInsideOwnFolder } from './own-folder.ts'

/** A file in the making: nothing of it is at its path before `commit`. */
export interface AtomicFile extends Disposable {
  write(text: string): void
  commit(): void
}

/** So much is kept before it goes to the disk, in characters. */
const batch = 1 << 16

/** A file at a path that a user named, over what is there; a link there is replaced, not followed. Throws `usage` when it cannot be written to; `flag` is what named it. */
export function atomicFile(path: string, flag: string): AtomicFile {
  refuseInsideOwnFolder(path, flag)
  // A name that nobody can have put a link under.
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

  /** All of it: the system may take a part only. */
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
