import type { Stray } from '../../src/exporter/index.ts'
import { atMost } from './at-once.ts'
import type { Bucket } from './bucket.ts'
import { encoded, isWhereWePutIt, markIn, ownerIn } from './object-metadata.ts'
import type { Pictures } from './pictures.ts'
import { pictureBeside, type Sidecars } from './sidecars.ts'

/**
 * Pictures that stand where we put them and that nobody has recorded, by a list of all that is there; what is not recorded is asked what it
 * is, `atOnce` of them at a time. Sidecars of none go. What another account keeps below the same prefix is no stray: a mirror would remove it.
 */
export async function* strays(
  { objects, target }: Bucket,
  { pictures, sidecars, account, atOnce }: { pictures: Pictures; sidecars: Sidecars; account: string; atOnce: number },
  isRecorded: (path: string) => boolean,
): AsyncGenerator<Stray> {
  const limited = atMost(atOnce)

  async function strayAt(path: string): Promise<Stray | undefined> {
    const seen = await objects.head(path)
    const mark = seen && isWhereWePutIt(seen, path) ? markIn(seen, await pictures.isOpaque()) : undefined
    const owner = mark?.account === encoded(account) ? ownerIn(mark) : undefined
    if (seen === undefined || mark === undefined || owner === undefined) return undefined
    const { etag, size, modifiedMs: verifiedAt } = seen
    const { facts, serial } = mark
    const { sha256, md5 } = facts
    const kept = (await sidecars.beside(path, mark.image)) as never
    const delivery = { path, address: `${target.name}/${path}`, etag, size, sha256, md5, sidecars: kept }
    return { ...owner, serial, facts, delivery, verifiedAt }
  }

  for await (const page of objects.all()) {
    const paths = new Set(page.map(([path]) => path))
    const isKnown = (path: string) => paths.has(path) || isRecorded(path)
    const unknown = [...paths].filter((path) => !path.startsWith('.smugdl/') && !isRecorded(path))
    const found = await Promise.all(
      unknown.map((path) =>
        limited(async () => {
          const picture = pictureBeside(path)
          if (picture !== undefined && isKnown(picture)) return undefined
          const stray = await strayAt(path)
          if (stray === undefined && picture !== undefined) await sidecars.removeAlone(path, picture)
          return stray
        }),
      ),
    )
    yield* found.filter((stray) => stray !== undefined)
  }
}
