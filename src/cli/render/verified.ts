import { printable } from '../../app/text/printable.ts'
import { bytes, count, counted, duration } from '../../app/text/quantities.ts'
import type { Finding, VerifySummary } from '../../engine/verify/verify.ts'

const words = {
  damaged: 'damaged',
  missing: 'missing',
  changed: 'changed by you',
  unreadable: 'cannot be read',
} as const

/** The text after `smugdl verify`: a line for each item that is not as it was delivered, what to do, and a last line that adds up. */
export function verifiedLines(summary: VerifySummary, unknownFiles: readonly string[]): string[] {
  const { findings, missing, damaged, changed, unproven, unknown } = summary
  return [
    ...findingLines(findings),
    ...unknownFiles.map((path) => `not ours  ${path}`),
    ...(findings.length + unknownFiles.length === 0 ? [] : ['']),
    ...when(changed, 'What you changed is left alone; the next run brings the original beside it.'),
    ...when(missing + damaged, '"smugdl verify --repair" fetches what is missing or damaged.'),
    ...when(unproven, `${counted(unproven, 'item')} could not be looked at: the exporter cannot tell, or is not here.`),
    ...when(
      unknown,
      `${counted(unknown, 'file here is', 'files here are')} not ours and left alone${unknownFiles.length === 0 ? ' (-v names them)' : ''}.`,
    ),
    sum(summary),
  ].map(printable)
}

/** The text after `smugdl verify --repair`: what could not be repaired, and how much was. */
export function repairedLines(found: number, left: readonly Finding[]): string[] {
  return [
    ...findingLines(left),
    `repaired: ${counted(found, 'item')} = ${count(found - left.length)} right again + ${count(left.length)} as before`,
  ].map(printable)
}

function findingLines(findings: readonly Finding[]): string[] {
  return findings.map(
    ({ state, path, reason }) => `${words[state]}  ${path}${reason === undefined ? '' : ` (${reason})`}`,
  )
}

/** `verified: 300 items = 297 ok + 1 missing + 1 damaged + 1 changed by you (1.2 GB read in 42 s)`. */
function sum(summary: VerifySummary): string {
  const { items, ok, missing, damaged, changed, unreadable, unproven, depth, subset } = summary
  const parts = [
    `${count(ok)} ok`,
    `${count(missing)} missing`,
    `${count(damaged)} damaged`,
    `${count(changed)} changed by you`,
    ...when(unreadable, `${count(unreadable)} unreadable`),
    ...when(unproven, `${count(unproven)} not looked at`),
  ]
  const share = subset === undefined ? '' : `part ${subset.part} of ${subset.of}, `
  const how = depth === 'quick' ? 'by size and time' : `${bytes(summary.bytes)} read`
  return `verified: ${counted(items, 'item')} = ${parts.join(' + ')} (${share}${how} in ${duration(summary.endedAt - summary.startedAt)})`
}

function when(amount: number, line: string): string[] {
  return amount > 0 ? [line] : []
}
