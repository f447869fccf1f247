import { createHash } from 'node:crypto'
import type { Image, Plain, Sidecar } from '../../src/exporter/index.ts'
import type { Bucket } from './bucket.ts'
import { bare, type Sending } from './objects.ts'

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

/** Sidecars beside pictures: ours is what has our mark and the bytes that it names, all else is the user's. */
export function sidecars({ objects, folders, moving, conditional, uploaded }: Bucket) {
  async function write(path: string, text: string, image: Image, over: boolean): Promise<string | 'taken'> {
    const bytes = Buffer.from(text)
    const sending: Sending = {
      size: bytes.length,
      md5: md5Of(text),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      open: async () => bytes,
    }
    const metadata = { 'smugdl-beside': encodeURIComponent(image.key), 'smugdl-md5': sending.md5 }
    const contentType = path.endsWith('.json') ? 'application/json' : 'application/xml'
    const isNew = !over && (await conditional())
    if (!over && !isNew && (await objects.head(path)) !== undefined) return 'taken'
    const etag = await objects.put(path, sending, { contentType, metadata }, isNew ? 'new' : undefined)
    if (etag === 'taken' || etag === 'unconditional') return 'taken'
    uploaded(bytes.length)
    await folders.note(path, { etag, size: bytes.length })
    return etag
  }

  /** Whether what stands there is ours, as we left it. */
  async function isOurs(path: string, image: Image): Promise<boolean> {
    const seen = await objects.head(path)
    if (seen?.metadata['smugdl-beside'] !== encodeURIComponent(image.key)) return false
    return seen.isOpaque || seen.metadata['smugdl-md5'] === bare(seen.etag)
  }

  async function brought(
    path: string,
    { suffix, text }: Sidecar,
    image: Image,
    known: Kept | undefined,
  ): Promise<Kept> {
    const at = path + suffix
    const md5 = md5Of(text)
    const there = await folders.listedAt(at)
    const mine = (etag: string) => ({ suffix, etag, md5 })
    if (there !== undefined && known?.yours === true) return known
    if (there !== undefined && (there.etag === md5 || (there.etag === known?.etag && known.md5 === md5)))
      return mine(there.etag)
    const isMine = there !== undefined && (there.etag === known?.etag || (await isOurs(at, image)))
    if (there !== undefined && !isMine) return { ...mine(there.etag), yours: true }
    const etag = await write(at, text, image, isMine)
    if (etag !== 'taken') return mine(etag)
    // A run that was killed, or whose answer was lost, has just written it; or somebody else has.
    folders.forget(at)
    const seen = await objects.head(at)
    return { ...mine(seen?.etag ?? ''), ...(seen?.etag !== md5 && { yours: true as const }) }
  }

  return {
    /** Makes them what they should be, beside the picture at `path`. */
    async bring(path: string, image: Image, wanted: readonly Sidecar[], known: readonly Kept[]): Promise<Kept[]> {
      const kept: Kept[] = []
      for (const sidecar of wanted)
        kept.push(
          await brought(
            path,
            sidecar,
            image,
            known.find(({ suffix }) => suffix === sidecar.suffix),
          ),
        )
      const left = known.filter(({ suffix }) => !wanted.some((one) => one.suffix === suffix))
      await this.remove(path, left)
      return kept
    },

    /** Writes again those that are gone. */
    async mend(path: string, image: Image, wanted: readonly Sidecar[]): Promise<void> {
      for (const { suffix, text } of wanted)
        if ((await folders.listedAt(path + suffix)) === undefined) await write(path + suffix, text, image, false)
    },

    /** Removes those that are as we left them. */
    async remove(path: string, those: readonly Kept[]): Promise<void> {
      for (const { suffix, etag, yours } of those) {
        const there = yours === true ? undefined : await folders.listedAt(path + suffix)
        if (there?.etag === etag) await moving.remove(path + suffix)
      }
    },
  }
}

function md5Of(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
