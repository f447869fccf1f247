import type { AlbumRow } from '../../catalog/albums.ts'

/**
 * Bytes that SmugMug announces for an album that was never listed (`OriginalSizes`, smugmug-api 4.3). They are known before the first listing,
 * so that an account that cannot fit is refused at once. 0 if none are announced, or if a listing has more exact numbers.
 */
export function announcedBytes({ listed, raw }: AlbumRow): number {
  const bytes = Number(raw.OriginalSizes ?? 0)
  return listed === undefined && bytes > 0 ? bytes : 0
}
