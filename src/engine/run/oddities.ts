import type { Session } from './session.ts'

/** What the disk could not do, once a run: nothing is missing for it, and whoever looks for a reason finds one. */
export function noteOddities({ catalog, home, tally }: Pick<Session, 'catalog' | 'home' | 'tally'>): void {
  if (!catalog.isDurable)
    tally.notice(
      'This disk refuses to make files durable (fsync), so a power cut may take or damage what came last; "smugdl verify" finds it, and the next run fetches it again.',
    )
  if (home.untimed > 0)
    tally.notice(
      `This disk takes no times of files, or not all of them: ${home.untimed} ${home.untimed === 1 ? 'file has' : 'files have'} the time of coming home.`,
    )
  const [example] = home.names.shortened
  if (example !== undefined)
    tally.notice(
      `This disk takes no names longer than ${home.names.limitFound} bytes: ${home.names.shortened.size} ${home.names.shortened.size === 1 ? 'name was' : 'names were'} shortened, among them "${example}".`,
    )
}
