import * as v from 'valibot'
import { withoutQuery } from '../api.ts'

/**
 * SmugMug's identities, each made here from an answer of the API (or read back from where one was kept) and nowhere
 * else: a key cannot be taken for a name.
 */
export const imageKey = v.pipe(v.string(), v.nonEmpty(), v.brand('ImageKey'))
export const albumKey = v.pipe(v.string(), v.nonEmpty(), v.brand('AlbumKey'))
/** Of folders, albums and pages alike; `Node['id']` is its type. */
export const nodeId = v.pipe(v.string(), v.nonEmpty(), v.brand('NodeId'))

/** The same picture in every album that collects it. */
export type ImageKey = v.InferOutput<typeof imageKey>
/** Stays when the album is renamed or moved. */
export type AlbumKey = v.InferOutput<typeof albumKey>

/** What a link ends in, less its action and query: the key in `/api/v2/album/AbC123!images?count=1`. */
export function endOf(uri: string): string | undefined {
  return withoutQuery(uri).split('!', 1)[0]?.split('/').at(-1)
}
