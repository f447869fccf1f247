import {
  type Album,
  capturedClock,
  type Delivery,
  DestinationError,
  defineExporter,
  type Exporter,
  type FileFacts,
  fileIdOf,
  type Image,
  type ImageContext,
  sidecarsOf,
} from '../../src/exporter/index.ts'
import { oneByOne } from './at-once.ts'
import { type Bucket, type Limits, openBucket } from './bucket.ts'
import { keysFor } from './keys.ts'
import { encoded, markIn, metadataOf } from './object-metadata.ts'
import type { About } from './objects.ts'
import { options } from './options.ts'
import { type Bring, type Pictures, pictures as picturesIn } from './pictures.ts'
import { reading } from './reading.ts'
import { relocating } from './relocating.ts'
import { keptIn, sidecars as sidecarsIn } from './sidecars.ts'
import { strays } from './strays.ts'
import { targetOf } from './target.ts'

const weekMs = 7 * 24 * 60 * 60 * 1000

/** The exporter; tests pass shorter limits. */
export function s3Exporter(limits: Limits): Exporter {
  return defineExporter({
    name: 's3',
    apiVersion: 1,
    description: 'Any S3-compatible object store: AWS, Backblaze B2, Cloudflare R2, Wasabi, MinIO, Ceph',
    keeps: 'elsewhere',
    hookMinutes: 24 * 60,
    // As many as the engine has in hand: uploads are limited over all albums.
    concurrency: 64,
    options,
    create(context) {
      const target = targetOf(context.options)
      const keys = keysFor(context.options.path, target.prefix, context)
      const onPath = oneByOne()
      let opened: Promise<Parts> | undefined

      interface Parts extends Bucket {
        readonly pictures: Pictures
        readonly relocating: ReturnType<typeof relocating>
        readonly sidecars: ReturnType<typeof sidecarsIn>
        readonly reading: ReturnType<typeof reading>
      }

      /** Opened at first use, so that a run that does not need it makes no request. */
      function bucket(): Promise<Parts> {
        opened ??= openBucket(target, context, limits).then((bucket) => {
          const pictures = picturesIn(bucket, context, limits.putAtOnce)
          return {
            ...bucket,
            pictures,
            relocating: relocating(bucket, pictures),
            sidecars: sidecarsIn(bucket),
            reading: reading(bucket, context),
          }
        })
        return opened
      }

      const addressOf = (path: string) => ({ address: `${target.name}/${path}` })

      const wantedSidecars = (image: Image, where: ImageContext) => sidecarsOf(image, where, context.options)

      /** Seconds since 1970: rclone makes it the file's time. The camera's clock is taken as this computer's, as the folder exporter does. */
      function mtimeOf({ capturedAt, uploadedAt }: Image, clock: string | undefined): number | undefined {
        const time = Date.parse(capturedClock(capturedAt, clock) ?? uploadedAt ?? '')
        return Number.isNaN(time) ? undefined : Math.floor(time / 1000)
      }

      function tellBeside(wanted: string, path: string): void {
        if (path !== wanted)
          context.log.warn(`"${wanted}" holds something else, which stays as it is; ours is beside it as "${path}".`)
      }

      async function withSidecars(delivery: Delivery, image: Image, where: ImageContext, before?: Delivery) {
        const { sidecars } = await bucket()
        const known = before?.path === delivery.path ? keptIn(before) : []
        const kept = await sidecars.bring(delivery.path, image, wantedSidecars(image, where), known)
        if (before !== undefined && before.path !== delivery.path)
          await sidecars.remove(before.path, encoded(fileIdOf(image)), keptIn(before))
        return { ...delivery, sidecars: kept as never }
      }

      /** Two pictures may want one path: the second one finds the first there. */
      async function moved(delivery: Delivery, paths: readonly string[], image: Image, album: Album) {
        const { relocating } = await bucket()
        const [wanted = ''] = paths
        const there = await onPath(wanted, () => relocating.relocated(delivery, paths, image, album))
        if (there === undefined) throw noRoomAt(wanted)
        tellBeside(wanted, there.path)
        return { ...there, ...addressOf(there.path) }
      }

      /** Makes sure that the picture and its sidecars are there, and removes its earlier copies elsewhere. */
      async function delivered(
        image: Image,
        facts: FileFacts,
        { album, before, clock }: ImageContext,
        bring: (about: About) => Bring,
      ): Promise<Delivery> {
        const { pictures, reading, relocating } = await bucket()
        const paths = await keys.candidates(image, album)
        const [wanted = ''] = paths
        const about = {
          contentType: facts.contentType,
          metadata: metadataOf(image, album, context.account, facts, mtimeOf(image, clock)),
        }
        // Two pictures may want one path: the second one finds the first there.
        const written = await onPath(wanted, () =>
          pictures.put(paths, image, album, facts, bring(about), reading.isDamaged),
        )
        if (written === undefined) throw noRoomAt(wanted)
        tellBeside(wanted, written.path)
        await reading.noteWhole(written.path)
        if (before !== undefined && before.path !== written.path) await relocating.retired(before, image, album)
        const { sha256, md5 } = facts
        const camera = clock !== undefined && { camera: clock }
        const delivery = { ...written, ...addressOf(written.path), sha256, md5, ...camera }
        try {
          return await withSidecars(delivery, image, { album, ...(clock !== undefined && { clock }) }, before)
        } catch (error) {
          if (error instanceof DestinationError || context.signal.aborted) throw error
          // A picture is not fetched again for it: without a word of its sidecars, `unchanged` writes them.
          context.log.warn(
            `The sidecar of "${delivery.path}" was not written (${(error as Error).message}); the next run tries again.`,
          )
          return delivery
        }
      }

      return {
        async prepare() {
          const url = URL.parse(target.endpoint ?? '')
          if (url?.protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(url.hostname))
            context.log.warn(`${url.origin} is not encrypted: anyone along the way can see the pictures.`)
          await bucket()
        },

        beginAlbum: (album) => keys.forget(album),

        pathOf: (image, { album }) => keys.of(image, album),

        async deliver(image, file, where) {
          const { pictures } = await bucket()
          return delivered(image, file, where, (about) => pictures.uploading(file, about))
        },

        async copy(from, image, { album, before }) {
          const { pictures, objects, reading } = await bucket()
          const source = await objects.head(from.path)
          if (source === undefined || source.etag !== from.etag || (await reading.isDamaged(from.path)))
            return undefined
          const mark = markIn(source, await pictures.isOpaque())
          if (mark === undefined) return undefined
          const where = { album, ...(before && { before }), ...cameraIn(from) }
          return delivered(image, mark.facts, where, (about) => pictures.copying(from.path, source, about))
        },

        async inspect(delivery, depth) {
          return (await bucket()).reading.inspect(delivery, depth)
        },

        async *read(delivery) {
          yield* (await bucket()).reading.read(delivery)
        },

        async unchanged(image, delivery, { album }) {
          const { sidecars } = await bucket()
          const clock = cameraIn(delivery)
          await sidecars.mend(delivery.path, image, wantedSidecars(image, { album, ...clock }), keptIn(delivery))
        },

        async relocate(delivery, image, { album }) {
          const paths = await keys.candidates(image, album)
          const there = paths.includes(delivery.path) ? delivery : await moved(delivery, paths, image, album)
          return withSidecars(there, image, { album, ...cameraIn(delivery) }, delivery)
        },

        async find(image, known, { album }) {
          const { pictures, folders, reading } = await bucket()
          for (const path of await keys.candidates(image, album)) {
            const there = await folders.listedAt(path)
            if (there === undefined || (known.size !== undefined && there.size !== known.size)) continue
            const whose = await pictures.whoseIs(path, image, album)
            if (whose.kind !== 'ours' || whose.mark.facts.md5 !== known.md5 || (await reading.isDamaged(path))) continue
            const { facts } = whose.mark
            const { etag, size, modifiedMs } = whose.seen
            const delivery = { path, ...addressOf(path), etag, size, sha256: facts.sha256, md5: facts.md5 }
            return { delivery, facts, verifiedAt: modifiedMs }
          }
          return undefined
        },

        async *strays(isRecorded) {
          const { pictures, sidecars, ...parts } = await bucket()
          yield* strays(
            parts,
            { pictures, sidecars, account: context.account, atOnce: context.concurrency },
            isRecorded,
          )
        },

        async remove(delivery) {
          const { objects, moving, sidecars } = await bucket()
          const seen = await objects.head(delivery.path)
          if (seen !== undefined && seen.etag !== delivery.etag)
            throw new Error(`${delivery.path} was changed by somebody, and stays`)
          await sidecars.remove(delivery.path, seen?.metadata['smugdl-image'], keptIn(delivery))
          if (seen === undefined) return
          await moving.keep(delivery.path, seen)
          await moving.remove(delivery.path, seen.etag)
        },

        async finish() {
          if (opened !== undefined) await (await (await opened).multipart()).abortOlderThan(Date.now() - weekMs)
        },
      }
    },
  })
}

function cameraIn({ camera }: Delivery): { clock?: string } {
  return typeof camera === 'string' ? { clock: camera } : {}
}

function noRoomAt(wanted: string): Error {
  return new Error(`something else stands at ${wanted}, and at what would be beside it`)
}
