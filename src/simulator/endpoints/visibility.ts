import type { Viewer } from '../resource.ts'
import { type Album, effectivePrivacy, type Node } from '../world.ts'

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
