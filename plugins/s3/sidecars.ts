import { createHash } from 'node:crypto'
import { fileIdOf, type Image, type Plain, type Sidecar } from '../../src/exporter/index.ts'
import type { Bucket } from './bucket.ts'
import { encoded, isWhereWePutIt, placed } from './object-metadata.ts'
import type { Seen, Sending, Standing } from './objects.ts'

/** A sidecar as it is kept with the delivery of its picture. `yours`: the user wrote or changed it, and it is never touched again. */
interface Kept {
  readonly suffix: string
  readonly etag: string
  readonly md5: string
  readonly yours?: true
}

/** The sidecars of a delivery. */
export function keptIn(delivery: { readonly [proof: string]: Plain | undefined } | undefined): readonly Kept[] {
  return (delivery?.sidecars ?? []) as unknown as readonly Kept[]
}

const suffixes = ['.xmp', '.smugmug.json']

/** The path of the picture that this would be a sidecar of. */
export function pictureBeside(path: string): string | undefined {
  const suffix = suffixes.find((one) => path.endsWith(one))
  return suffix && path.slice(0, -suffix.length)
}

export type Sidecars = ReturnType<typeof sidecars>

/** Sidecars beside pictures: ours is what has our mark and the bytes that it names, all else is the user's. */
export function sidecars({ objects, folders, moving, write, uploaded }: Bucket) {
  async function written(path: string, text: string, image: Image, over: Standing | undefined): Promise<string> {
    const bytes = Buffer.from(text)
    const sending: Sending = {
      size: bytes.length,
      md5: md5Of(text),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      open: async () => bytes,
    }
    const metadata = { 'smugdl-beside': encoded(fileIdOf(image)), 'smugdl-md5': sending.md5 }
    const contentType = path.endsWith('.json') ? 'application/json' : 'application/xml'
    const etag = await write(path, sending, placed({ contentType, metadata }, path), over)
    if (etag !== 'taken') uploaded(bytes.length)
    return etag
  }

  async function brought(
    path: string,
    { suffix, text }: Sidecar,
    image: Image,
    known: Kept | undefined,
  ): Promise<Kept> {
    const at = path + suffix
    const md5 = md5Of(text)
    const mine = (etag: string) => ({ suffix, etag, md5 })
    let there = await folders.listedAt(at)
    for (let attempt = 1; attempt <= 3; attempt++) {
      if (there !== undefined && known?.yours === true) return known
      if (there !== undefined && (there.etag === md5 || (there.etag === known?.etag && known.md5 === md5)))
        return mine(there.etag)
      if (there !== undefined && there.etag !== known?.etag) {
        const seen = await objects.head(at)
        if (seen !== undefined && !isOurs(seen, encoded(fileIdOf(image)))) return { ...mine(seen.etag), yours: true }
        if (seen?.metadata['smugdl-md5'] === md5) return mine(seen.etag)
        there = seen
      }
      const etag = await written(at, text, image, there)
      if (etag !== 'taken') return mine(etag)
      // A run that was killed, or whose answer was lost, has just written it; or somebody else has.
      folders.forget(at)
      there = await objects.head(at)
    }
    throw new Error('somebody else writes there at the same time')
  }

  /** Those of ours that lie beside the picture at `path`, recorded or not; `image` as metadata has it, where the picture is still there to say it. */
  async function beside(path: string, image: string | undefined, known: readonly Kept[] = []): Promise<Kept[]> {
    const kept: Kept[] = []
    for (const suffix of suffixes) {
      const there = await folders.listedAt(path + suffix)
      const recorded = known.findLast((one) => one.suffix === suffix)
      if (there === undefined || recorded?.yours === true) continue
      // A run may have been killed before it was recorded.
      const seen = there.etag === recorded?.etag ? undefined : await objects.head(path + suffix)
      if (recorded !== undefined && seen === undefined) kept.push(recorded)
      else if (seen !== undefined && isOurs(seen, image ?? ownerOf(seen, path + suffix)))
        kept.push({ suffix, etag: seen.etag, md5: seen.metadata['smugdl-md5'] ?? '' })
    }
    return kept
  }

  /** Removes those that are as we left them, and not `wanted`. */
  async function remove(
    path: string,
    image: string | undefined,
    known: readonly Kept[],
    wanted: readonly Sidecar[] = [],
  ): Promise<void> {
    for (const { suffix, etag } of await beside(path, image, known))
      if (!wanted.some((one) => one.suffix === suffix)) await moving.remove(path + suffix, etag)
  }

  return {
    beside,
    remove,

    /** Removes one that is where we put it, and whose picture is not there any more. */
    async removeAlone(path: string, picture: string): Promise<void> {
      const seen = await objects.head(path)
      if (seen === undefined || !isOurs(seen, ownerOf(seen, path))) return
      if ((await objects.head(picture)) === undefined) await moving.remove(path, seen.etag)
    },

    /** Makes them what they should be, beside the picture at `path`. */
    async bring(path: string, image: Image, wanted: readonly Sidecar[], known: readonly Kept[]): Promise<Kept[]> {
      const kept: Kept[] = []
      for (const sidecar of wanted) kept.push(await brought(path, sidecar, image, of(sidecar, known)))
      await remove(path, encoded(fileIdOf(image)), [...known, ...kept], wanted)
      return kept
    },

    /** Writes those that are gone, and those that could not be written when their picture came. */
    async mend(path: string, image: Image, wanted: readonly Sidecar[], known: readonly Kept[]): Promise<void> {
      for (const sidecar of wanted) {
        const { suffix, text } = sidecar
        const isAsIntended = of(sidecar, known)?.md5 === md5Of(text)
        if (isAsIntended && (await folders.listedAt(path + suffix)) !== undefined) continue
        await brought(path, sidecar, image, of(sidecar, known))
      }
    },
  }
}

function of({ suffix }: Sidecar, known: readonly Kept[]): Kept | undefined {
  return known.find((one) => one.suffix === suffix)
}

/** Whose we made it, if it is where we put it. */
function ownerOf(seen: Seen, path: string): string | undefined {
  return isWhereWePutIt(seen, path) ? seen.metadata['smugdl-beside'] : undefined
}

/** Whether it is ours, as we left it. */
function isOurs({ metadata, etag, isOpaque }: Seen, image: string | undefined): boolean {
  return image !== undefined && metadata['smugdl-beside'] === image && (isOpaque || metadata['smugdl-md5'] === etag)
}

function md5Of(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
