import type { Session } from './session.ts'

/** Reports once per run what the disk could not do. Nothing is missing because of it; the notice explains what looks odd. */
export function reportDiskLimits({
  catalog,
  destination,
  tally,
}: Pick<Session, 'catalog' | 'destination' | 'tally'>): void {
  if (!catalog.isDurable)
    tally.notice(
      'This disk refuses to make files durable (fsync), so a power cut may take or damage what came last; "smugdl verify" finds it, and the next run fetches it again.',
    )
  if (destination.untimed > 0)
    tally.notice(
      `This disk does not store all file times: ${destination.untimed} ${destination.untimed === 1 ? 'file has' : 'files have'} the time of the download.`,
    )
  const [example] = destination.names.shortened
  if (example !== undefined)
    tally.notice(
      `This disk allows no names longer than ${destination.names.limitFound} bytes: ${destination.names.shortened.size} ${destination.names.shortened.size === 1 ? 'name was' : 'names were'} shortened, among them "${example}".`,
    )
}
