import type { AlbumRow } from '../../catalog/albums.ts'

const dayMs = 24 * 60 * 60 * 1000

/**
 * Which albums to list again although SmugMug announces nothing new: it does not promise that a replaced file or an edited caption shows
 * there. Due is what was listed longer than `relistAfterMs` ago; of that, each run takes the share of the days since the last one, the
 * oldest first, so that no night has to list everything.
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
    // Listed in what is still to come: the clock was wrong then or is now, and proves nothing.
    if (now - last.at >= relistAfterMs || last.at > now) due.push({ key, at: last.at })
  }
  const passedMs = Math.max(now - (lastRunAt ?? now), dayMs / 2)
  const share = relistAfterMs <= 0 ? listed : Math.ceil((listed * passedMs) / relistAfterMs)
  due.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
  return new Set(due.slice(0, share).map(({ key }) => key))
}
