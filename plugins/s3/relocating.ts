import type { Album, Delivery, Image } from '../../src/exporter/index.ts'
import type { Bucket } from './bucket.ts'
import { placed } from './object-metadata.ts'
import type { Seen } from './objects.ts'
import type { Pictures } from './pictures.ts'

/** Moves pictures to a new path, and removes those that were replaced there. */
export function relocating({ objects, folders, moving }: Bucket, pictures: Pictures) {
  /** The object at the new path. */
  async function moved({ path: from, etag, md5 }: Delivery, to: string, over: Seen | undefined) {
    const source = await objects.head(from)
    if (source === undefined) throw new Error(`${from} is not there to be moved`)
    // As in `inspect`: a program that copied the bucket may have merged the parts into one.
    const isAsLeft = source.etag === etag || source.etag === md5
    if (isAsLeft && over !== undefined) await moving.keep(to, over)
    const copy = isAsLeft ? await moving.copy(from, to, source, over, placed(source, to)) : undefined
    if (copy !== undefined && copy !== 'taken') await moving.remove(from, source.etag)
    if (copy !== undefined) return copy
    folders.forget(from)
    throw new Error(`${from} was changed by somebody just now, and stays; the next run brings the picture again`)
  }

  return {
    /**
     * Moves a picture to the first of these paths that is free or its own. Called again after a kill, it finds the copy at any of them and
     * removes the original. Undefined if all are taken by others.
     */
    async relocated(
      delivery: Delivery,
      paths: readonly string[],
      image: Image,
      album: Album,
    ): Promise<Delivery | undefined> {
      const at = (path: string, { etag, size }: { etag: string; size: number }) => ({ ...delivery, path, etag, size })
      for (const path of paths) {
        const whose = await pictures.whoseIs(path, image, album)
        if (whose.kind !== 'ours' || whose.mark.facts.sha256 !== delivery.sha256) continue
        if (typeof delivery.etag === 'string') await moving.remove(delivery.path, delivery.etag)
        return at(path, whose.seen)
      }
      for (const path of paths) {
        for (let attempt = 1; attempt <= 3; attempt++) {
          const whose = await pictures.whoseIs(path, image, album)
          if (whose.kind === 'foreign') break
          const there = await moved(delivery, path, whose.kind === 'ours' ? whose.seen : undefined)
          if (there !== 'taken') return at(path, there)
          // Another writer; or ours, if the answer to it was lost.
          folders.forget(path)
        }
      }
      return undefined
    },

    /** Moves an earlier copy of the picture to the trash, once the new one is there; objects that the user changed stay. */
    async retired(before: Delivery, image: Image, album: Album): Promise<void> {
      const whose = await pictures.whoseIs(before.path, image, album)
      if (whose.kind !== 'ours' || whose.seen.etag !== before.etag) return
      await moving.keep(before.path, whose.seen)
      await moving.remove(before.path, whose.seen.etag)
    },
  }
}
