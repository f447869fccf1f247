import type { AlbumRow } from '../../catalog/albums.ts'

/**
 * Bytes that SmugMug announces of an album that was never listed (`OriginalSizes`, smugmug-api 4.3): known before the first listing, so that
 * an account that cannot fit is refused at once. 0 where it announces nothing, or where the listing knows better.
 */
export function announcedBytes({ listed, raw }: AlbumRow): number {
  const bytes = Number(raw.OriginalSizes ?? 0)
  return listed === undefined && bytes > 0 ? bytes : 0
}
