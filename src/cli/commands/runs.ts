import type { Notice } from '../../app/environment.ts'
import { printable } from '../../app/text/printable.ts'
import { bytes, count, dateAndTime, duration } from '../../app/text/quantities.ts'
import type { LockOwner } from '../../catalog/lock/owner.ts'
import type { Json } from '../../catalog/row.ts'
import type { RunRow } from '../../catalog/runs.ts'
import type { FailedItem } from '../../engine/events.ts'
import { recordOf } from '../../engine/query/status.ts'
import { SmugdlError } from '../../error.ts'
import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { jsonFlag, outputFlag } from '../flags.ts'
import { inTerminal } from '../in-terminal.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import type { RunLine } from '../json-lines.ts'
import { endOfRun, exitCodeOfRun } from '../run-end.ts'
import { table } from '../table.ts'

export const runs = defineCommand({
  about:
    'Newest first. The last 1,000 runs are remembered, with what each could not make safe, including runs that could not log in or reach SmugMug. During a run, it shows what has been recorded so far.',
  flags: {
    ...outputFlag,
    limit: { type: 'integer', hint: 'N', default: 20, min: 1, max: 1000, help: 'Number of runs to show' },
    unlock: {
      type: 'boolean',
      default: false,
      help: 'Forget the lock of a run that you know is no longer alive, on another machine or before a restart',
    },
    ...jsonFlag,
  },
  positionals: {
    action: { required: false, choices: ['show'], help: 'show what one run could not make safe' },
    number: { required: false, help: 'of the run; the last one if absent' },
  },
  examples: [
    ['smugdl runs', 'lists the last runs'],
    ['smugdl runs show', 'names what the last run could not make safe'],
    ['smugdl runs show 42 --json', 'gives a program what run 42 could not make safe'],
    ['smugdl runs --unlock', 'lets runs begin after one died on another machine'],
  ],
  exits: { ...exits(2, 4), 0: 'listed, or unlocked' },
  async run(values, context) {
    const { io } = context
    const { output, limit, json } = values
    const { failuresOf, runs, unlock } = await import('../../app/catalog-queries.ts')
    using use = inTerminal<Notice | { type: 'failure'; failure: Json }>(context, (event) => {
      if (event.type === 'notice') io.stderr.write(`${printable(event.text)}\n`)
      else
        io.stdout.write(json ? jsonLine(event.failure as object) : failureLine(event.failure as unknown as FailedItem))
    })
    if (values.unlock) return unlocked(await unlock({ output }, use), io)
    if (values.action === undefined) {
      const { rows, isUnderWay } = await runs({ output, limit }, use)
      if (json) for (const row of rows) io.stdout.write(jsonLine(facts(row, isUnderWay)))
      else
        io.stdout.write(
          table([heading, ...rows.map((row) => cells(row, isUnderWay))], {
            right: [0, 2, 4, 5, 6, 7, 8],
            width: io.stdout.columns,
            optional: [6, 5, 2, 8],
          }),
        )
      return 0
    }
    const number = values.number === undefined ? undefined : numberOf(values.number)
    const { run, failures, isUnderWay } = await failuresOf({ output, run: number }, use)
    if (!json) io.stderr.write(`${outcomeText(run, isUnderWay)}: ${count(failures)} not safe${why(run)}\n`)
    return 0
  },
})

function unlocked(owner: LockOwner | undefined, { stdout }: Io): 0 {
  stdout.write(
    owner === undefined
      ? 'Nothing was locked, or nobody knows by whom; runs can begin.\n'
      : `${printable(`The lock of "${owner.command}" on ${owner.host}, process ${owner.pid}, since ${dateAndTime(owner.since)} is forgotten`)}; runs can begin.\n`,
  )
  return 0
}

const heading = ['run', 'began', 'took', 'ended', 'new', 'updated', 'unchanged', 'not safe', 'fetched']

function cells(row: RunRow, isUnderWay: boolean): string[] {
  const { exporters, failedInAll, downloaded } = recordOf(row)
  const sum = (part: 'new' | 'updated' | 'unchanged') =>
    exporters === undefined ? '' : count(Math.max(0, ...Object.values(exporters).map((counts) => counts[part])))
  return [
    String(row.id),
    dateAndTime(row.startedAt),
    row.endedAt === undefined ? '' : duration(row.endedAt - row.startedAt),
    endOfRun(row, isUnderWay),
    sum('new'),
    sum('updated'),
    sum('unchanged'),
    failedInAll === undefined ? '' : count(failedInAll),
    downloaded === undefined ? '' : bytes(downloaded.bytes),
  ]
}

function outcomeText(row: RunRow, isUnderWay: boolean): string {
  return `Run ${row.id} of ${dateAndTime(row.startedAt)}, ${endOfRun(row, isUnderWay)}`
}

/** What ended the run early. */
function why(row: RunRow): string {
  const { error } = recordOf(row)
  return error === undefined ? '' : `. ${printable(error.what)}`
}

function facts(row: RunRow, isUnderWay: boolean): RunLine {
  const { id, startedAt, endedAt, version, summary } = row
  const ended = row.ended ?? (isUnderWay ? 'under way' : 'killed')
  return {
    run: id,
    startedAt,
    endedAt,
    ended,
    exitCode: exitCodeOfRun(row),
    version,
    summary: summary === undefined ? undefined : recordOf(row),
  }
}

function failureLine({ item, imageKey, exporter, reason, next }: FailedItem): string {
  const key = imageKey === undefined ? '' : ` [${imageKey}]`
  const who = exporter === undefined ? '' : ` (${exporter})`
  return `${printable(`${item}${key}${who}: ${reason}${next === undefined ? '' : `. ${next}`}`)}\n`
}

function numberOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new SmugdlError('usage', { what: 'A run has a number', item: text, next: '"smugdl runs" lists them' })
}
