import type { Folders } from './folders.ts'
import type { Multipart } from './multipart.ts'
import type { Objects, Seen } from './objects.ts'

/** Bytes that one request copies. */
export const copiedAtOnce = 5 * 1024 ** 3

interface Parts {
  readonly objects: Objects
  readonly folders: Folders
  multipart(): Promise<Multipart>
  /** Bytes that one request copies. */
  readonly copiedAtOnce: number
}

/** Moving within the store. Nothing is removed before its copy was seen to be there. */
export function moving({ objects, folders, multipart, copiedAtOnce }: Parts) {
  const began = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  let versioned: Promise<boolean> | undefined

  /** A copy that has all that the original has; undefined where there is no original. */
  async function copy(from: string, to: string, seen: Seen): Promise<Seen | undefined> {
    if (seen.size > copiedAtOnce) await (await multipart()).copy(from, to, seen)
    else if (!(await objects.copy(from, to))) return undefined
    const there = await objects.head(to)
    // Its ETag may be another: that of one part, or of its own encryption.
    const isSame = there?.size === seen.size && there.metadata['smugdl-sha256'] === seen.metadata['smugdl-sha256']
    if (!isSame) throw new Error(`the store's copy of ${from} is not what was to be copied`)
    await folders.note(to, there)
    return there
  }

  return {
    copy,

    /** A copy in the trash, unless the bucket itself keeps what goes. */
    async keep(path: string, seen: Seen): Promise<void> {
      versioned ??= objects.isVersioned()
      if (!(await versioned)) await copy(path, `.smugdl/trash/${began}/${path}`, seen)
    },

    async remove(path: string): Promise<void> {
      await objects.remove(path)
      await folders.note(path, undefined)
    },
  }
}

export type Moving = ReturnType<typeof moving>
