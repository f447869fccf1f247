import { printable } from '../../../app/text/printable.ts'
import { count, dateAndTime, dateOf } from '../../../app/text/quantities.ts'
import type { Certificate, FolderCertificate } from '../../../engine/check/certificate.ts'
import type { CheckEvent } from '../../../engine/check/compare-account.ts'
import { type Sums, sumOf } from '../../../engine/check/sums.ts'
import { symbolOf } from '../../../engine/check/verdict.ts'
import { table } from '../../table.ts'
import { headline, notCovered, remedies, sentences, shortly } from './words.ts'

/** `+ Travel/Rome/IMG_1.JPG`, as `rclone check --combined` writes it. */
export function itemLine({ item, verdict }: CheckEvent & { type: 'item' }): string {
  return `${symbolOf[verdict.kind]} ${printable(item)}`
}

/** As `itemLine`, and why. */
export function findingLine(event: CheckEvent & { type: 'item' }): string {
  const { verdict } = event
  return 'reason' in verdict ? `${itemLine(event)}: ${printable(verdict.reason)}` : itemLine(event)
}

/** The certificate as text, a row for each folder; the last line is the verdict. `width`: columns of the terminal, if it is one. */
export function certificateLines(certificate: Certificate, width?: number): string[] {
  const { account, home, startedAt, version } = certificate
  return [
    '',
    `Certificate for ${account.name === '' ? account.nickName : `${account.name} (${account.nickName})`}`,
    `${home}, ${dateAndTime(startedAt)}, smugdl ${version}`,
    '',
    ...table(rowsOf(certificate), { right: [1, 2, 3], width, optional: [1, 4] })
      .trimEnd()
      .split('\n'),
    '',
    ...sentences(certificate).map(printable),
    '',
    ...notCoveredLines(certificate),
    '',
    ...nextSteps(certificate),
    headline(certificate),
  ].map((line, index) => (index < 3 ? printable(line) : line))
}

/** The verdict for `--quiet`; `known`: the number of open findings that the last run has already reported. */
export function quietLine(certificate: Certificate, known: number): string {
  const named = known === 0 ? '' : ` (${count(known)} as the last run said: smugdl runs show)`
  return printable(`${headline(certificate)}${named}`)
}

function notCoveredLines(certificate: Certificate): string[] {
  const { said, conversions, more } = notCovered(certificate)
  return [
    'What this does not cover:',
    ...said.map((sentence) => `  ${sentence}`),
    ...conversions.map((item) => `    ${printable(item)}`),
    ...(more > 0 ? [`    … and ${count(more)} more`] : []),
  ]
}

/** What there is to do about each group that is open. */
function nextSteps({ total }: Certificate): string[] {
  const steps = Object.entries(remedies).flatMap(([name, remedy]) => {
    const kind = name as keyof typeof shortly
    return total[kind] > 0 ? [`  ${count(total[kind])} ${shortly[kind]}: ${remedy}`] : []
  })
  return steps.length === 0 ? [] : ['What to do next:', ...steps, '']
}

function rowsOf({ top, total }: Certificate): string[][] {
  return [
    ['', 'announced', 'listed', 'at home', 'verified'],
    ...(top.albums.length === 0 ? [] : [row('(in no folder)', sumOf(top.albums))]),
    ...top.folders.flatMap((folder) => folderRows(folder, 0)),
    row('In all', total),
  ]
}

function folderRows({ name, sums, folders }: FolderCertificate, depth: number): string[][] {
  const own = row(`${'  '.repeat(depth)}${printable(name)}`, sums)
  return [own, ...folders.flatMap((inner) => folderRows(inner, depth + 1))]
}

/** Of the times at which its images were verified the oldest. */
function row(label: string, { announced, listed, same, raw, rawSame, verified }: Sums): string[] {
  return [
    label,
    count(announced),
    count(listed - raw),
    count(same - rawSame),
    verified === undefined ? '' : dateOf(verified.from),
  ]
}
