import { withoutQuery } from '../api.ts'
import { Unfit } from './fields.ts'

declare const kind: unique symbol

/**
 * SmugMug's identifiers. They are made only here, from an answer of the API or from stored data, so that a key cannot be
 * mistaken for a name.
 */
type Key<Kind extends string> = string & { readonly [kind]: Kind }

/** The same picture in every album that collects it. */
export type ImageKey = Key<'ImageKey'>
/** Stays when the album is renamed or moved. */
export type AlbumKey = Key<'AlbumKey'>

export const imageKey = (value: unknown) => someKey(value) as ImageKey
export const albumKey = (value: unknown) => someKey(value) as AlbumKey
/** Of folders, albums and pages alike; `Node['id']` is its type. */
export const nodeId = (value: unknown) => someKey(value) as Key<'NodeId'>

/** Text that is not empty. Throws `Unfit`. */
export function someKey(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Unfit('text')
  return value
}

/** The last part of a link, without action and query: the key in `/api/v2/album/AbC123!images?count=1`. */
export function endOf(uri: string): string | undefined {
  return withoutQuery(uri).split('!', 1)[0]?.split('/').at(-1)
}
