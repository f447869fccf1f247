import { printable } from '../../app/text/printable.ts'
import { bytes, count, counted, duration } from '../../app/text/quantities.ts'
import { type Finding, isNothing, type VerifySummary } from '../../engine/verify/verify.ts'
import { when } from './when.ts'

const words = {
  damaged: 'damaged',
  missing: 'missing',
  changed: 'changed by you',
  unreadable: 'cannot be read',
  unproven: 'cannot be looked at',
} as const

/** The text after `smugdl verify`: a line for each item that is not as it was delivered, what to do, and a last line that adds up. `isRepaired`: a run comes next that does so. */
export function verifiedLines(summary: VerifySummary, unknownFiles: readonly string[], isRepaired = false): string[] {
  const { findings, missing, damaged, changed, unproven, made, unkept, unknown, closedFolders } = summary
  return [
    ...findingLines(findings),
    ...unknownFiles.map((path) => `not ours  ${path}`),
    ...closedFolders.map((path) => `cannot be looked into  ${path}`),
    ...(findings.length + unknownFiles.length + closedFolders.length === 0 ? [] : ['']),
    ...when(
      changed,
      'What you changed is left alone; the next run brings the original beside it, unless it is told to --keep-edited.',
    ),
    ...when(isRepaired ? 0 : missing + damaged, '"smugdl verify --repair" fetches what is missing or damaged.'),
    ...when(unproven, `${counted(unproven, 'item')} could not be looked at, so nobody knows whether they are there.`),
    ...when(
      made,
      `${counted(made, 'item is a file', 'items are files')} that an exporter made of the pictures: as it was left, but no copy.`,
    ),
    ...Object.entries(unkept).map(
      ([name, pictures]) =>
        `${counted(pictures, 'picture')} went to ${name}, which keeps nothing that could be verified.`,
    ),
    ...when(
      unknown,
      `${counted(unknown, 'file here is', 'files here are')} not ours and left alone${unknownFiles.length === 0 ? ' (-v names them)' : ''}.`,
    ),
    ...(isNothing(summary) ? [nothingLine(summary)] : []),
    sum(summary),
  ].map(printable)
}

function nothingLine({ unkept }: VerifySummary): string {
  const why = Object.keys(unkept).length > 0 ? 'nothing that came is kept here' : 'no picture has come home here yet'
  return `Nothing was verified: ${why}.`
}

/** The text after `smugdl verify --repair`: what could not be repaired, and how much was. */
export function repairedLines(found: number, left: readonly Finding[]): string[] {
  return [
    ...findingLines(left),
    `repaired: ${counted(found, 'item')} = ${count(found - left.length)} right again + ${count(left.length)} as before`,
  ].map(printable)
}

/** Items that could not be inspected, grouped by exporter and reason, because there may be many. */
function findingLines(findings: readonly Finding[]): string[] {
  const unproven = findings.filter(({ state }) => state === 'unproven')
  return [
    ...findings
      .filter(({ state }) => state !== 'unproven')
      .map(({ state, path, reason }) => `${words[state]}  ${path}${reason === undefined ? '' : ` (${reason})`}`),
    ...[...Map.groupBy(unproven, ({ reason = '' }) => reason)].map(
      ([reason, alike]) => `${words.unproven}  ${counted(alike.length, 'item')} (${reason})`,
    ),
  ]
}

/** `verified: 300 items = 297 ok + 1 missing + 1 damaged + 1 changed by you (1.2 GB read in 42 s)`. */
function sum(summary: VerifySummary): string {
  const { items, ok, missing, damaged, changed, kept, unreadable, unproven, depth, subset } = summary
  const parts = [
    `${count(ok)} ok`,
    `${count(missing)} missing`,
    `${count(damaged)} damaged`,
    `${count(changed)} changed by you`,
    ...when(kept, `${count(kept)} kept as you changed them`),
    ...when(unreadable, `${count(unreadable)} unreadable`),
    ...when(unproven, `${count(unproven)} not looked at`),
  ]
  const share = subset === undefined ? '' : `part ${subset.part} of ${subset.of}, `
  const how = depth === 'quick' ? 'by size and time' : `${bytes(summary.bytes)} read`
  return `verified: ${counted(items, 'item')} = ${parts.join(' + ')} (${share}${how} in ${duration(summary.endedAt - summary.startedAt)})`
}
