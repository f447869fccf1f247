import * as v from 'valibot'
import { withoutQuery } from '../api.ts'

/**
 * SmugMug's identifiers. They are made only here, from an answer of the API or from stored data, so that a key cannot be
 * mistaken for a name.
 */
export const imageKey = v.pipe(v.string(), v.nonEmpty(), v.brand('ImageKey'))
export const albumKey = v.pipe(v.string(), v.nonEmpty(), v.brand('AlbumKey'))
/** Of folders, albums and pages alike; `Node['id']` is its type. */
export const nodeId = v.pipe(v.string(), v.nonEmpty(), v.brand('NodeId'))

/** The same picture in every album that collects it. */
export type ImageKey = v.InferOutput<typeof imageKey>
/** Stays when the album is renamed or moved. */
export type AlbumKey = v.InferOutput<typeof albumKey>

/** The last part of a link, without action and query: the key in `/api/v2/album/AbC123!images?count=1`. */
export function endOf(uri: string): string | undefined {
  return withoutQuery(uri).split('!', 1)[0]?.split('/').at(-1)
}
