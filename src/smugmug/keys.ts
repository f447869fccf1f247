import * as v from 'valibot'

/**
 * SmugMug's identities, each made here from an answer of the API (or read back from where one was kept) and nowhere
 * else: a key cannot be taken for a name.
 */
export const imageKey = v.pipe(v.string(), v.nonEmpty(), v.brand('ImageKey'))
export const albumKey = v.pipe(v.string(), v.nonEmpty(), v.brand('AlbumKey'))
export const nodeId = v.pipe(v.string(), v.nonEmpty(), v.brand('NodeId'))

/** The same picture in every album that collects it. */
export type ImageKey = v.InferOutput<typeof imageKey>
/** Stays when the album is renamed or moved. */
export type AlbumKey = v.InferOutput<typeof albumKey>
/** Folders, albums and pages alike. */
export type NodeId = v.InferOutput<typeof nodeId>
