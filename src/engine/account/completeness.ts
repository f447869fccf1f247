/**
 * A sentence if the account counts clearly more images than were listed. Missing rights only make lists shorter, without any error, and the
 * account's own count may reveal that. It drifts and may include files of the web site, so a small difference proves nothing.
 */
export function shortfallOf(announced = 0, listed: number): string | undefined {
  if (announced - listed <= Math.max(20, announced / 100)) return undefined
  return `SmugMug announces ${announced} pictures and videos for the account and lists ${listed}`
}
