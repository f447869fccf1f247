import { count, counted } from '../../app/text/quantities.ts'
import type { FailedItem, RunSummary } from '../../engine/events.ts'

/** More than this are not named one by one, but counted by album: names in the order of downloads help nobody. */
const mostNamed = 20

/** From this run on what fails is not expected to heal by itself. */
const lastingAttempts = 3

/**
 * Each item that is not safe, under its reason and what to do; more than twenty by album. `perReason`: at most this many lines of a reason;
 * with infinitely many, each item is named.
 */
export function failures(
  { failed, failedInAll }: Pick<RunSummary, 'failed' | 'failedInAll'>,
  perReason: number,
): string[] {
  if (failedInAll === 0) return []
  const byAlbum = failedInAll > mostNamed && perReason !== Number.POSITIVE_INFINITY
  const groups = [...byReason(failed)]
  const unnamed = failedInAll - failed.length
  return [
    '',
    `${counted(failedInAll, 'item is', 'items are')} not safe:`,
    ...groups.flatMap(([reason, items]) => {
      const lines = byAlbum ? albums(items) : items.map(({ item }) => item)
      const more = lines.length - perReason
      return [
        `  ${reason}`,
        ...lines.slice(0, perReason).map((line) => `    ${line}`),
        ...(more > 0 ? [`    … and ${count(more)} more${byAlbum ? ' albums' : ''}`] : []),
        ...lasting(items),
      ]
    }),
    ...(unnamed > 0 ? [`  … and ${count(unnamed)} more`] : []),
    '',
  ]
}

/** `Travel/Rome: 15`, sorted; what is no image is named. */
function albums(items: readonly FailedItem[]): string[] {
  const places = Map.groupBy(items, ({ item, imageKey }) =>
    imageKey === undefined ? item : item.slice(0, Math.max(0, item.lastIndexOf('/'))),
  )
  const sorted = [...places].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
  return sorted.map(([place, { length }]) => (length === 1 ? place : `${place}: ${count(length)}`))
}

/** The way out, once asking again has not helped for a while. */
function lasting(items: readonly FailedItem[]): string[] {
  const stuck = items.filter(({ imageKey, attempts = 0 }) => imageKey !== undefined && attempts >= lastingAttempts)
  const [one] = stuck
  if (one === undefined) return []
  const { attempts = 0, imageKey } = one
  if (stuck.length === 1)
    return [`    Still failing after ${attempts} runs. To do without it: smugdl accept ${imageKey} --reason "…"`]
  return [
    `    ${count(stuck.length)} of them still failing after ${lastingAttempts} runs or more. To do without one: smugdl accept KEY --reason "…" (smugdl runs show lists the keys)`,
  ]
}

/** The exporter of which it is true goes before the reason. */
function byReason(failed: readonly FailedItem[]): Map<string, FailedItem[]> {
  return Map.groupBy(failed, ({ exporter, reason, next }) => {
    const sentences = [reason, next].filter((text) => text !== undefined).map(sentence)
    return `${exporter === undefined ? '' : `${exporter}: `}${sentences.join(' ')}`
  })
}

function sentence(text: string): string {
  return /[.!?…]$/u.test(text) ? text : `${text}.`
}
