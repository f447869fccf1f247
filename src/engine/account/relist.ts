import type { AlbumRow } from '../../catalog/albums.ts'

const dayMs = 24 * 60 * 60 * 1000

/**
 * Which albums to list again although SmugMug announces no change, because it does not promise that a replaced file or an edited caption shows
 * there. An album is due if it was listed more than `relistAfterMs` ago. Each run takes a share of these in proportion to the days since the
 * last run, the oldest first, so that no single run has to list everything.
 */
export function dueForListing(
  albums: Iterable<Pick<AlbumRow, 'key' | 'listed'>>,
  { now, relistAfterMs, lastRunAt }: { now: number; relistAfterMs: number; lastRunAt: number | undefined },
): Set<string> {
  const due: { key: string; at: number }[] = []
  let listed = 0
  for (const { key, listed: last } of albums) {
    if (last === undefined) continue
    listed += 1
    // Listed in the future: the clock was wrong then or is now, so the time proves nothing.
    if (now - last.at >= relistAfterMs || last.at > now) due.push({ key, at: last.at })
  }
  const passedMs = Math.max(now - (lastRunAt ?? now), dayMs / 2)
  const share = relistAfterMs <= 0 ? listed : Math.ceil((listed * passedMs) / relistAfterMs)
  due.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
  return new Set(due.slice(0, share).map(({ key }) => key))
}
