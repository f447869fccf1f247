import type { Viewer } from '../resource.ts'
import { type Album, effectivePrivacy, type Image, type Node, type Rights } from '../world.ts'

/** Whether a node appears in lists: strangers do not see what is unlisted (smugmug-api 9.2). */
export function isListed(node: Node, viewer: Viewer): boolean {
  return viewer.isOwner || effectivePrivacy(node) === 'Public'
}

/** Whether a node answers to its key: what is private is not found by strangers. */
export function isReachable(node: Node, viewer: Viewer): boolean {
  return viewer.isOwner || effectivePrivacy(node) !== 'Private'
}

/** Whether an album shows no more than its stub (smugmug-api 4.3). */
export function isLocked(album: Album, viewer: Viewer): boolean {
  return album.locked || (album.password && !viewer.isOwner)
}

/** What may be had of an image by whom: a visitor gets no more than the album allows. */
export function rightsOf(image: Image, viewer: Viewer): Rights {
  const allowed = viewer.isOwner || image.albums.some((album) => album.allowDownloads)
  return image.rights === 'none' || allowed ? image.rights : 'largest'
}
