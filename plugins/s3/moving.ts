import type { Folders } from './folders.ts'
import type { Multipart } from './multipart.ts'
import type { About, Objects, Seen, Standing } from './objects.ts'

/** Bytes that one request copies. */
export const copiedAtOnce = 5 * 1024 ** 3

interface Parts {
  readonly objects: Objects
  readonly folders: Folders
  multipart(): Promise<Multipart>
  conditional(): Promise<boolean>
  /** Bytes that one request copies. */
  readonly copiedAtOnce: number
}

/**
 * Moves objects within the store. Nothing is removed before its copy was verified to exist. Most stores, including Ceph, ignore conditions on
 * copies and removals: they are sent if the store supports any, and the current object is requested right before.
 */
export function moving({ objects, folders, multipart, conditional, copiedAtOnce }: Parts) {
  const began = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  let versioned: Promise<boolean> | undefined

  /** A copy that has all that the original has, or `about`; `taken` if another object than `over` is there; undefined if the original has changed. */
  async function copy(
    from: string,
    to: string,
    seen: Seen,
    over?: Standing,
    about?: About,
  ): Promise<Seen | 'taken' | undefined> {
    if ((await objects.head(to))?.etag !== over?.etag) return 'taken'
    const isNew = over === undefined && (await conditional())
    const copied =
      seen.size > copiedAtOnce
        ? await (await multipart()).copy(from, to, seen, isNew, about)
        : await objects.copy(from, to, seen.etag, isNew, about)
    if (copied === 'refused') return (await objects.head(to))?.etag === over?.etag ? undefined : 'taken'
    if (copied === 'absent') return undefined
    const there = await objects.head(to)
    // Its ETag may be another: that of one part, or of its own encryption.
    const isSame = there?.size === seen.size && there.metadata['smugdl-sha256'] === seen.metadata['smugdl-sha256']
    if (!isSame) throw new Error(`the store's copy of ${from} is not what was to be copied`)
    await folders.note(to, there)
    return there
  }

  return {
    copy,

    /** Copies to the trash, unless the bucket itself keeps removed versions. */
    async keep(path: string, seen: Seen): Promise<void> {
      versioned ??= objects.isVersioned()
      if (await versioned) return
      for (let number = 1; ; number++) {
        const folder = number === 1 ? began : `${began}-${number}`
        const kept = await copy(path, `.smugdl/trash/${folder}/${path}`, seen)
        if (kept === undefined) throw new Error(`${path} was changed by somebody just now, and stays`)
        if (kept !== 'taken') return
      }
    },

    /** Removes the object if it still has this ETag. */
    async remove(path: string, etag: string): Promise<void> {
      const there = await objects.head(path)
      if (there?.etag === etag) await objects.remove(path, (await conditional()) ? etag : undefined)
      await folders.note(path, there?.etag === etag ? undefined : there)
    },
  }
}

export type Moving = ReturnType<typeof moving>
