import type { Notice } from '../../app/environment.ts'
import type { HomeStatus } from '../../app/status.ts'
import { printable } from '../../app/text/printable.ts'
import { count, counted, dateAndTime } from '../../app/text/quantities.ts'
import type { RunRow } from '../../catalog/runs.ts'
import { recordOf } from '../../engine/query/status.ts'
import type { Choice } from '../../engine/run/plan.ts'
import { asWord } from '../../shell-quote.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, exits } from '../exit.ts'
import { jsonFlag, outputFlag } from '../flags.ts'
import { inTerminal } from '../in-terminal.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import type { StatusLine } from '../json-lines.ts'
import { endOfRun, exitCodeOfRun } from '../run-end.ts'
import { timeSpan } from '../time-span.ts'

export const status = defineCommand({
  about:
    'Says when everything was last at home, and what has failed since then, including runs that could not log in or reach SmugMug, and damage that verify found. A run of a part (--album, --exclude, --since …) counts if every run chooses that part; the part is named. Works offline, and does not wait for a run in progress. For cron, health checks and people.',
  flags: {
    ...outputFlag,
    maxAge: {
      type: 'text',
      hint: 'TIME',
      help: 'Exit with 1 if the last complete run ended longer ago than this: 90m, 36h, 7d',
    },
    ...jsonFlag,
  },
  examples: [
    ['smugdl status', 'says when everything was last at home'],
    ['smugdl status --max-age 36h -o /photos', 'fails when two nights in a row went wrong'],
  ],
  exits: {
    ...exits(2, 4),
    0: 'there was a complete run, of everything or of what this home is for, and not longer ago than --max-age',
    1: 'there was none, it is too long ago, or verify found damage that nobody has repaired',
  },
  async run(values, context) {
    const { io } = context
    const maxAgeMs = values.maxAge === undefined ? undefined : timeSpan('--max-age', values.maxAge)
    const { status } = await import('../../app/status.ts')
    using use = inTerminal<Notice>(context, ({ text }) => void (values.json || io.stdout.write(`${printable(text)}\n`)))
    const home = await status({ output: values.output, maxAgeMs }, use)
    const { isRecent } = home
    if (values.json) io.stdout.write(jsonLine(facts(home)))
    else if (home.isNone) io.stdout.write(`No run has been made in ${printable(home.output)}.\n`)
    else printStatus(home, values.maxAge, io)
    return isRecent && home.damage === undefined ? 0 : exitCodes.item
  },
})

function printStatus(
  { lastComplete, failedSince, stillFailing, isRecent, damage }: HomeStatus,
  maxAge: string | undefined,
  { stdout, platform }: Io,
): void {
  const lines: string[] = []
  if (lastComplete === undefined) lines.push('No run has brought everything home yet.')
  else {
    const files = madeSafe(lastComplete)
    const { choice } = recordOf(lastComplete)
    const chosen = choice === undefined ? '' : ` of what was chosen (${flagsOf(choice, platform)})`
    const tooOld = isRecent ? '' : `: not within ${maxAge}`
    lines.push(
      `Last complete: ${dateAndTime(lastComplete.endedAt ?? 0)}, ${counted(files, 'picture or video', 'pictures and videos')}${chosen}${tooOld}.`,
    )
  }
  if (failedSince.length > 0) {
    const runs = failedSince.length === 1 ? '1 run has' : `${count(failedSince.length)} runs have`
    lines.push(`${lastComplete === undefined ? 'Until now' : 'Since then'} ${runs} not succeeded:`)
    for (const row of failedSince.slice(0, mostShown))
      lines.push(`  ${dateAndTime(row.startedAt)}  ${endOfRun(row, false)}: ${reasonOf(row)}`)
    const more = failedSince.length - mostShown
    if (more > 0) lines.push(`  and ${count(more)} more: smugdl runs`)
  }
  if (stillFailing > 0)
    lines.push(`Not chosen by it, and still not safe: ${counted(stillFailing, 'item')} (smugdl retry asks again).`)
  if (damage !== undefined)
    lines.push(
      `On ${dateAndTime(damage.at)} verify found ${counted(damage.files, 'file')} missing or damaged: smugdl verify --repair fetches ${damage.files === 1 ? 'it' : 'them'}.`,
    )
  stdout.write(lines.map((line) => `${printable(line)}\n`).join(''))
}

const mostShown = 10

function reasonOf(row: RunRow): string {
  const { error, failedInAll } = recordOf(row)
  const isInterrupted = error?.kind === 'cancelled'
  if (error !== undefined && !isInterrupted)
    return error.item === undefined ? error.what : `${error.what}: ${error.item}`
  return row.ended === undefined || isInterrupted
    ? 'the next run continues'
    : `${counted(failedInAll ?? 0, 'item')} not safe (smugdl runs show ${row.id})`
}

/** As they were given. */
function flagsOf({ albums, exclude, pictures }: Choice, platform: string): string {
  const { since, until, types, keywords, privacy } = pictures ?? {}
  const given = { album: albums, exclude, since, until, type: types, keyword: keywords, privacy }
  return Object.entries(given)
    .flatMap(([flag, values = []]) => [values].flat().map((value) => `--${flag} ${asWord(value, platform)}`))
    .join(' ')
}

/** What a run found safe at its end. */
function madeSafe(row: RunRow): number {
  const counts = Object.values(recordOf(row).exporters ?? {})
  const most = counts.toSorted((a, b) => b.listed - a.listed)[0]
  return (most?.new ?? 0) + (most?.updated ?? 0) + (most?.unchanged ?? 0)
}

function facts({ lastComplete, failedSince, stillFailing, underWay, isRecent, damage }: HomeStatus): StatusLine {
  const choice = lastComplete && recordOf(lastComplete).choice
  return {
    type: 'status',
    ok: isRecent && damage === undefined,
    ...(lastComplete && {
      lastComplete: {
        run: lastComplete.id,
        endedAt: lastComplete.endedAt,
        files: madeSafe(lastComplete),
        ...(choice && { choice }),
      },
    }),
    failedSince: failedSince.map((row) => ({
      run: row.id,
      startedAt: row.startedAt,
      ended: row.ended ?? 'killed',
      exitCode: exitCodeOfRun(row),
      reason: reasonOf(row),
    })),
    ...(stillFailing > 0 && { stillFailing }),
    ...(damage && { damage: { foundAt: new Date(damage.at).toISOString(), files: damage.files } }),
    ...(underWay && {
      underWay: {
        since: underWay.since === undefined ? undefined : new Date(underWay.since).toISOString(),
        files: underWay.files,
        announced: underWay.announced,
      },
    }),
  }
}
