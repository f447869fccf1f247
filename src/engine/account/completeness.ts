/**
 * Rights that are missing show as lists that are shorter, without any error; the account's own count may reveal it. That drifts, and may hold
 * files of the web site, so that a little more proves nothing.
 */
export function shortfallOf(announced = 0, listed: number): string | undefined {
  if (announced - listed <= Math.max(20, announced / 100)) return undefined
  return `SmugMug announces ${announced} pictures and videos for the account and lists ${listed}`
}
