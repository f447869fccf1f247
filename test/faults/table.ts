import { forEachBounded } from '../../src/async/for-each.ts'
import { canBeTold, cell, firstHome, type Place, places } from './cell.ts'
import { type Lie, lies } from './lies.ts'

const howOften = { once: 1, 'for ever': Number.POSITIVE_INFINITY }

/** The tables of `test/README.md`: what comes of every lie at every place, told once and for ever. Each cell is a run that took place. */
export async function faultTables(): Promise<string> {
  await using home = await firstHome()
  const tables: string[] = []
  for (const [often, times] of Object.entries(howOften)) {
    const cells = new Map<string, string>()
    const all = (Object.keys(lies) as Lie[]).flatMap((lie) => places.map((place): [Lie, Place] => [lie, place]))
    const work = async ([lie, place]: [Lie, Place]) => {
      const came = canBeTold(lie, place) ? await cell(lie, place, times, home.path) : '–'
      cells.set(`${lie} ${place}`, came)
    }
    await forEachBounded(all, 4, work, new AbortController().signal)
    const rows = (Object.keys(lies) as Lie[]).map((lie) => [
      lie,
      ...places.map((place) => cells.get(`${lie} ${place}`) ?? ''),
    ])
    tables.push(table([often, ...places], rows))
  }
  return tables.join('\n\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

const marks = ['<!-- faults -->', '<!-- /faults -->'] as const

/** What stands between the marks. */
export function tablesIn(readme: string): string {
  const [, after = ''] = readme.split(marks[0])
  return after.split(marks[1])[0]?.trim() ?? ''
}

export function withTables(readme: string, tables: string): string {
  const [before = '', after = ''] = readme.split(marks[0])
  return `${before}${marks[0]}\n\n${tables}\n\n${marks[1]}${after.split(marks[1])[1] ?? ''}`
}
