import type { Album, ExporterContext, FileFacts, Image, VerifiedFile } from '../../src/exporter/index.ts'
import type { Bucket } from './bucket.ts'
import { isOf, type Mark, markIn, placed } from './object-metadata.ts'
import type { About, Seen, Standing } from './objects.ts'
import { fileSending } from './sending.ts'

/** The data to write for a picture. */
export interface Written extends Standing {
  readonly path: string
}

/** Writes the bytes to a path, over the known object, if any; `taken` if another object has appeared there meanwhile. */
export type Bring = (path: string, over: Seen | undefined) => Promise<Standing | 'taken'>

/** The state of a path for a picture that is to be written there. */
type Whose =
  | { readonly kind: 'free' }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'ours'; readonly seen: Seen; readonly mark: Mark }

/** Pictures in the bucket. Only an unchanged object of the same picture is overwritten. */
export function pictures(bucket: Bucket, { log, state }: Pick<ExporterContext, 'log' | 'state'>, putAtOnce: number) {
  const { objects, folders, moving, multipart, write, uploaded } = bucket
  /** Whether this store's ETags say nothing of the bytes. */
  let opaque: boolean | undefined

  async function isOpaque(): Promise<boolean> {
    opaque ??= (await state.get('opaque')) === true
    return opaque
  }

  async function noteOpaque(): Promise<void> {
    if (await isOpaque()) return
    opaque = true
    await state.set('opaque', true)
    log.debug("this store's ETags are no MD5s: changes are seen by them, and the bytes are compared by reading")
  }

  async function whoseIs(path: string, image: Image, album: Album): Promise<Whose> {
    if ((await folders.listedAt(path)) === undefined) return { kind: 'free' }
    const seen = await objects.head(path)
    if (seen === undefined) return { kind: 'free' }
    const mark = markIn(seen, await isOpaque())
    return mark !== undefined && isOf(mark, image, album) ? { kind: 'ours', seen, mark } : { kind: 'foreign' }
  }

  /** Uploads, and returns the resulting object. */
  function uploading(file: VerifiedFile, of: About): Bring {
    return async (path, over) => {
      const about = placed(of, path)
      if (over !== undefined) await moving.keep(path, over)
      if (file.size > putAtOnce) {
        const sent = await (await multipart()).send(path, file, about, over)
        if (sent !== 'taken') await folders.note(path, sent)
        return sent
      }
      const etag = await write(path, fileSending(file, uploaded), about, over)
      if (etag === 'taken') return 'taken'
      if (etag !== file.md5) await noteOpaque()
      return { etag, size: file.size }
    }
  }

  /** Copies within the store. */
  function copying(from: string, source: Seen, of: About): Bring {
    return async (path, over) => {
      if (over !== undefined) await moving.keep(path, over)
      const copy = await moving.copy(from, path, source, over, placed(of, path))
      if (copy === undefined) throw new Error(`${from} was changed by somebody just now`)
      return copy
    }
  }

  return {
    whoseIs,
    isOpaque,

    uploading,
    copying,

    /**
     * Writes a picture to the first of these paths that is free or its own. An existing copy is not written again unless it is `damaged`.
     * Undefined if all are taken by others.
     */
    async put(
      paths: readonly string[],
      image: Image,
      album: Album,
      content: Content,
      bring: Bring,
      isDamaged: (path: string) => Promise<boolean>,
    ): Promise<Written | undefined> {
      for (const path of paths) {
        for (let attempt = 1; attempt <= 3; attempt++) {
          const whose = await whoseIs(path, image, album)
          if (whose.kind === 'foreign') break
          if (whose.kind === 'ours' && isSame(whose.mark.facts, content) && !(await isDamaged(path)))
            return { path, etag: whose.seen.etag, size: whose.seen.size }
          const there = await bring(path, whose.kind === 'ours' ? whose.seen : undefined)
          if (there !== 'taken') return { path, etag: there.etag, size: there.size }
          // Another writer; or ours, if the answer to it was lost.
          folders.forget(path)
        }
      }
      return undefined
    },
  }
}

export type Pictures = ReturnType<typeof pictures>

type Content = Pick<FileFacts, 'sha256' | 'size'>

function isSame(a: Content, b: Content): boolean {
  return a.sha256 === b.sha256 && a.size === b.size
}
