import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { SmugdlError } from '../error.ts'

/** A file in the making: nothing of it is at its path before `commit`. */
export interface NewFile extends AsyncDisposable {
  write(text: string): Promise<void>
  commit(): Promise<void>
}

/** So much is kept before it goes to the disk, in characters. */
const batch = 1 << 16

/** A file at a path that a person named, over what is there. Throws `usage` when it cannot be written to; `flag` is what named it. */
export async function newFile(path: string, flag: string): Promise<NewFile> {
  const unwritable = (cause: unknown) =>
    new SmugdlError('usage', {
      what: 'The file cannot be written',
      item: path,
      next: `Choose another one with ${flag}`,
      cause,
    })
  const partial = `${path}.partial`
  const trying = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      throw unwritable(cause)
    }
  }
  let handle: FileHandle | undefined = await trying(() => open(partial, 'w'))
  let text = ''

  async function flush(): Promise<void> {
    const waiting = text
    text = ''
    await trying(async () => handle?.writeFile(waiting))
  }

  return {
    async write(more) {
      text += more
      if (text.length >= batch) await flush()
    },
    async commit() {
      await flush()
      await trying(async () => {
        await handle?.close()
        handle = undefined
        await rename(partial, path)
      })
    },
    async [Symbol.asyncDispose]() {
      if (handle === undefined) return
      await handle.close()
      await rm(partial, { force: true })
    },
  }
}
