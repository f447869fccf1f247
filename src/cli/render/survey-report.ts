import { counted } from '../../app/text/quantities.ts'
import type { RawApi } from '../../smugmug/raw-answer.ts'
import type { Kinds } from '../../smugmug/shape.ts'
import { type Surveyed, survey } from '../../smugmug/survey-answers.ts'
import { atomicFile } from '../atomic-file.ts'

/**
 * Writes what SmugMug's answers look like for this account, without a value of it, to `path`; resolves to how many kinds of answer were
 * looked at. Throws `usage` when the file cannot be written, and what ends any conversation with SmugMug.
 */
export async function writeReport(path: string, head: string, api: RawApi): Promise<{ answers: number; odd: number }> {
  using file = atomicFile(path, '--report')
  const all: Surveyed[] = []
  for await (const each of survey(api)) all.push(each)
  const odd = all.flatMap(({ unexpected }) => unexpected)
  file.write(`${head}\n${intro}\n`)
  file.write(section('What smugdl did not expect', odd.length === 0 ? ['nothing'] : odd))
  for (const { kind, status, ms, headers, found, shape } of all) {
    const facts = [`status ${status} after ${ms} ms; headers: ${headers.join(', ')}`, ...found]
    file.write(section(kind, [...facts, ...Array.from(shape, ([at, kinds]) => `${at || 'all of it'}: ${line(kinds)}`)]))
  }
  file.commit()
  return { answers: all.length, odd: odd.length }
}

const intro = `What SmugMug's answers look like: names and types of fields, lengths, times. No name, caption, key, address, date or number of the
account is in it. Look through it before you send it.
`

function section(title: string, lines: readonly string[]): string {
  return `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`
}

function line(kinds: Kinds): string {
  const described = Array.from(kinds, ([kind, { times, shortest, longest }]) => {
    const length = longest === 0 ? '' : ` of ${shortest === longest ? longest : `${shortest} to ${longest}`}`
    return `${kind}${length}${times === 1 ? '' : `, ${counted(times, 'time')}`}`
  })
  return described.join('; ')
}
