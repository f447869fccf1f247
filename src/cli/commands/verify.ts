import { printable } from '../../app/text/printable.ts'
import type { VerifyingEvent } from '../../app/verify.ts'
import type { RunEvent } from '../../engine/events.ts'
import type { Subset } from '../../engine/verify/inventory.ts'
import { SmugdlError } from '../../error.ts'
import { defineCommand } from '../command.ts'
import { confirmIn } from '../confirm.ts'
import { exitCodes, exits } from '../exit.ts'
import { jsonFlag, logFlags, networkFlags, outputFlag, pluginPlaceFlags, readersFlag } from '../flags.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import { logged } from '../logged.ts'
import { repairedLines, verifiedLines } from '../render/verified.ts'
import { verifyProgress } from '../render/verify-progress.ts'
import { type Beside, type Show, showRun } from '../show-run.ts'

export const verify = defineCommand({
  about:
    'Reads everything at home again, offline, and compares every byte with what was delivered. A "damaged" file has its old size and time but other bytes; a file with another time was changed by you and is left alone. Nothing is changed without --repair.',
  flags: {
    ...outputFlag,
    subset: {
      type: 'text',
      hint: 'N/OF',
      help: 'Only this share of home, always the same files: 1/7 today, 2/7 tomorrow …, and a week covers everything',
    },
    quick: { type: 'boolean', default: false, help: 'Compare size and time only' },
    repair: {
      type: 'boolean',
      default: false,
      help: 'Move damaged files to the trash (.smugdl/trash), and fetch them and missing ones, nothing else',
    },
    ...readersFlag,
    ...pluginPlaceFlags,
    ...jsonFlag,
    ...networkFlags,
    ...logFlags,
  },
  examples: [
    ['smugdl verify', 'reads everything at home again'],
    ['smugdl verify --subset 1/7', 'reads the first seventh of it'],
    ['smugdl verify --repair', 'fetches what turns out to be missing or damaged'],
  ],
  exits: {
    ...exits(1, 2, 3, 4, 5, 70, 130),
    0: 'everything that was looked at is as it was delivered',
    1: 'something is missing, damaged, changed or unreadable and was not repaired, could not be looked at, or there was nothing to verify',
    3: 'not logged in, or the account refused us; only with --repair',
    5: 'SmugMug could not be reached or kept failing; only with --repair',
  },
  async run(values, context) {
    const { io } = context
    const { verify } = await import('../../app/verify.ts')
    const { subset: text, ...options } = values
    const subset = text === undefined ? {} : { subset: subsetOf(text) }
    return logged(values, context, async (log) => {
      const { isRight, left, summary } = await showRun(
        values,
        context,
        (use) => verify({ ...options, ...subset, confirm: confirmIn(io, use.signal) }, use),
        log,
        verification(values, io),
      )
      const found = summary.findings.length
      const lines = left === undefined ? [] : repairedLines(found, left)
      for (const line of lines) log?.write(line)
      if (left !== undefined && values.json) io.stdout.write(jsonLine({ type: 'repair.finished', found, left }))
      else if (left !== undefined && (!values.quiet || left.length > 0)) print(lines, io)
      return isRight ? 0 : exitCodes.item
    })
  },
})

function subsetOf(text: string): Subset {
  const [part = 0, of = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).slice(1).map(Number)
  if (part >= 1 && part <= of) return { part, of }
  throw new SmugdlError('usage', {
    what: '--subset takes N/OF, N from 1 to OF',
    item: text,
    next: 'For instance --subset 1/7, and 2/7 tomorrow',
  })
}

/** Shows a verification and what it found; what comes after that is the run that repairs. */
function verification({ json, quiet, verbose, repair }: Show & { repair: boolean }, io: Io): Beside<VerifyingEvent> {
  const progress = json || quiet ? undefined : verifyProgress(io)
  const unknownFiles: string[] = []
  let isOver = false
  const on = (event: VerifyingEvent, showRun: (event: RunEvent) => void, log?: (line: string) => void): void => {
    if (event.type === 'verify.finished') {
      isOver = true
      progress?.end()
      const { summary, isRight } = event
      const lines = verifiedLines(summary, unknownFiles, repair)
      for (const line of lines) log?.(line)
      if (json) io.stdout.write(jsonLine({ type: 'verify.finished', ...summary, ...(verbose && { unknownFiles }) }))
      else if (!quiet || !isRight) print(lines, io)
    } else if (event.type === 'verify.started' || event.type === 'verify.item') progress?.on(event)
    else if (event.type === 'verify.unknown') {
      if (verbose) unknownFiles.push(event.path)
    } else if (isOver || event.type !== 'notice') showRun(event)
    else {
      progress?.on(event)
      log?.(printable(event.text))
    }
  }
  return (showRun, log) => ({ on: (event) => on(event, showRun, log), end: () => progress?.end() })
}

function print(lines: readonly string[], { stdout }: Io): void {
  stdout.write(lines.map((line) => `${line}\n`).join(''))
}
