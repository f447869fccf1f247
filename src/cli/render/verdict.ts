import { bytes, count, counted } from '../../app/text/quantities.ts'
import type { RunSummary } from '../../engine/events.ts'

/**
 * Whether everything is home, in one sentence, and the commands that help where it is not. Nothing for a run that cannot say it: one that
 * wrote nothing, that only lists, or that looked at a part of the account.
 */
export function verdict(summary: RunSummary, output: string | undefined): string[] {
  const { dryRun, partial, listedOnly, failedInAll, accepted, edited, damaged } = summary
  if (dryRun || partial || listedOnly !== undefined) return []
  const { home, listed, failed, size, fresh, raw, address = output } = best(summary)
  const pictures = home - raw.home
  // What came in a later run is a part of home only, and would read as all of it.
  const where = `${address === undefined ? '' : `: ${address}`}${fresh ? ` (${bytes(size)})` : ''}`
  const chosen = summary.leftOut
    ? ' that you chose'
    : summary.albums.excluded > 0
      ? ' of the albums that you chose'
      : ''
  if (failedInAll === 0 && home === listed) {
    if (listed === 0 && accepted === 0) return [`SmugMug lists no pictures or videos${chosen}.`]
    const but = accepted === 0 ? '' : `, but for ${count(accepted)} left out on purpose`
    const yours = edited?.kept ? `, ${count(edited.kept)} of them as you changed them` : ''
    const away = summary.raw?.notGiven ?? 0
    const without = away === 0 ? '' : `; the RAW files of ${count(away)} are not, see above`
    const all = pictures === 1 ? 'The one picture or video' : `All ${count(pictures)} pictures and videos`
    const andRaw = raw.home === 0 ? '' : ` and ${counted(raw.home, 'RAW file')}`
    const said = `${all}${chosen}${andRaw} ${home === 1 ? 'is' : 'are'} home${yours}${but}${without}${where}.`
    if (damaged === undefined) return [said]
    return [said, `But ${damageText(damaged)}`]
  }
  const missing =
    failedInAll === failed
      ? `${count(failed)} ${failed === 1 ? 'is' : 'are'} not yet`
      : `${counted(failedInAll, 'item is', 'items are')} not safe yet`
  const what = failedInAll === 0 ? 'the others are no copies of their own' : `${missing}, see above`
  const help = failedInAll === 0 ? [] : ['All names: smugdl runs show. Try again now: smugdl retry.']
  return [
    `${count(pictures)} of ${counted(listed - raw.listed, 'picture or video', 'pictures and videos')}${chosen}${rawOf(raw)} are home; ${what}${where}.`,
    ...help,
  ]
}

/** What `verify` found, which no run sees. */
export function damageText(damaged: number): string {
  return `verify found ${counted(damaged, 'file')} damaged: smugdl verify --repair fetches ${damaged === 1 ? 'it' : 'them'} again.`
}

/** Of the exporters that get bytes, the one that has most copies, here rather than elsewhere. What is left out on purpose does not count. */
function best({ exporters, withoutBytes = [], made = {}, unkept = {}, addresses = {}, raw }: RunSummary) {
  const each = Object.entries(exporters)
    .filter(([name]) => !withoutBytes.includes(name))
    .map(([name, counts]) => {
      const safe = counts.new + counts.updated + counts.unchanged
      const home = Math.max(0, safe - (made[name] ?? 0) - (unkept[name] ?? 0))
      const fresh = counts.new > 0 && counts.new === safe
      const ofRaw = raw?.exporters[name]
      return {
        home,
        listed: counts.listed - counts.skipped,
        failed: counts.failed,
        size: counts.bytes,
        fresh,
        address: addresses[name],
        raw: {
          home: ofRaw === undefined ? 0 : ofRaw.new + ofRaw.updated + ofRaw.unchanged,
          listed: ofRaw === undefined ? 0 : ofRaw.listed - ofRaw.skipped,
        },
      }
    })
    .toSorted((a, b) => a.home - b.home || Number(b.address !== undefined) - Number(a.address !== undefined))
  return each.at(-1) ?? none
}

const none = { home: 0, listed: 0, failed: 0, size: 0, fresh: false, address: undefined, raw: { home: 0, listed: 0 } }

function rawOf({ home, listed }: { home: number; listed: number }): string {
  return listed === 0 ? '' : ` and ${count(home)} of ${counted(listed, 'RAW file')}`
}
