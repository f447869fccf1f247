import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ofSummary, promised } from '../../src/cli/render/ndjson.ts'
import { symbolOf } from '../../src/engine/check/verdict.ts'

const root = join(import.meta.dirname, '../..')
const [events, lines] = ['src/engine/events.ts', 'src/cli/json-lines.ts']

/** Where the fields of a line are declared, and which of them get out; all if absent. */
interface Declared {
  file: string
  type: string
  /** Of a union of events. */
  event?: string
  only?: readonly string[]
}

/** Lines that one command writes. */
interface Section {
  title: string
  text: string
  lines: readonly Line[]
}

interface Line {
  name: string
  declared: readonly Declared[]
  /** What is written beside the fields of the types. */
  more?: readonly Field[]
  /** What makes something of these lines: handed to jq. */
  jq: string
  /** What a name in its types stands for, where it is another thing here than elsewhere. */
  named?: Readonly<Record<string, Named>>
}

type Named = Pick<Line, 'declared' | 'more'>

const { 'run.finished': _, 'run.stopped': __, 'image.failed': failed, ...plain } = promised
const summary = { file: events, type: 'RunSummary', only: ofSummary }
const seconds = { name: 'seconds', type: 'number', help: 'From `startedAt` to `endedAt`.' }
const event = (name: keyof typeof promised): Declared => ({
  file: events,
  type: 'RunEvent',
  event: name,
  only: promised[name],
})

const kinds = Object.keys(symbolOf)

/** What fields name and do not spell out: explained below the first table that has it. */
const named: Readonly<Record<string, Named>> = {
  Counts: { declared: [{ file: 'src/exporter/types.ts', type: 'Counts' }] },
  FailedItem: { declared: [{ file: events, type: 'FailedItem', only: failed }] },
  Choice: {
    declared: [{ file: 'src/engine/run/plan.ts', type: 'RunPlan', only: ['albums', 'exclude', 'pictures'] }],
  },
  PictureChoice: { declared: [{ file: 'src/engine/account/picture-filter.ts', type: 'PictureChoice' }] },
  RunRecord: {
    declared: [],
    more: [
      { name: '…', type: 'as in run.finished', help: 'All but `failed` and `seconds`, as far as the run came.' },
      { name: 'error?', type: '{ kind: string; what: string; item?: string }', help: 'What ended it early.' },
    ],
  },
  Place: { declared: [{ file: 'src/engine/query/find.ts', type: 'Place' }] },
  Finding: { declared: [{ file: 'src/engine/verify/verify.ts', type: 'Finding' }] },
  Sums: {
    declared: [{ file: 'src/engine/check/sums.ts', type: 'Sums' }],
    more: [{ name: kinds.join('`, `'), type: 'number', help: 'Items of each kind.' }],
  },
}

/** Types that are no more than their words. */
const spelled: Readonly<Record<string, string>> = {
  InspectDepth: "'quick' | 'full'",
  Access: "'full' | 'public'",
  FileKind: "'original' | 'transcode' | 'rendition'",
  Trouble: "'missing' | 'damaged' | 'changed' | 'unreadable' | 'unproven'",
  HiddenAlbums: '{ unlisted: number; private: number; password: number }',
  Subset: '{ part: number; of: number }',
  Privacy: "('public' | 'unlisted' | 'private' | 'password')",
  "AccountAlbum['password']": 'boolean',
  "Exclude<VerdictKind, 'same'>": kinds
    .filter((kind) => kind !== 'same')
    .map((kind) => `'${kind}'`)
    .join(' | '),
  'Readonly<Record<string, number>>': 'Record<string, number>',
  '{ from: number; to: number }': '{ from: time; to: time }',
}

const ofCertificate = [
  ...['complete', 'account', 'home', 'startedAt', 'endedAt', 'version', 'depth', 'exporters', 'notices'],
  ...['beside', 'excluded', 'hidden', 'announced', 'findings', 'total', 'outside'],
]
const ofAdopted = [
  ...['startedAt', 'endedAt', 'folder', 'output', 'files', 'matched', 'unmatched', 'unreadable', 'images', 'inPlace'],
  ...['placed', 'placedBytes', 'known', 'left', 'leftBytes', 'withoutMd5'],
]

const filters: Readonly<Record<string, string>> = {
  'run.started': 'select(.type == "run.started") | .output',
  'walk.finished': 'select(.type == "walk.finished") | "\\(.albums) albums in \\(.folders) folders"',
  'album.started': 'select(.type == "album.started") | .album',
  'album.planned': 'select(.type == "album.planned") | [.album, .toFetch, .bytes] | @tsv',
  'album.finished': 'select(.type == "album.finished") | .album',
  'image.started': 'select(.type == "image.started") | .item',
  'image.fetched': 'select(.type == "image.fetched") | [.bytes, .item] | @tsv',
  'image.finished': 'select(.type == "image.finished" and .outcome == "new") | .path',
  notice: 'select(.type == "notice") | .text',
  detail: 'select(.type == "detail") | .text',
  retry: 'select(.type == "retry") | "\\(.item): \\(.reason)"',
  rateLimited: 'select(.type == "rateLimited") | .until',
  rateLimit: 'select(.type == "rateLimit") | .remaining',
}

export const sections: readonly Section[] = [
  {
    title: '`smugdl`, `smugdl retry`',
    text: 'The events of a run, each with `time`, when it was written. The last one is `run.finished`, or `run.stopped` and an `error`. `detail` and `rateLimit` come with `-v` only.',
    lines: [
      ...Object.keys(plain).map((name) => ({
        name,
        declared: [event(name as keyof typeof plain)],
        jq: filters[name] ?? '.',
      })),
      {
        name: 'image.failed',
        declared: [{ file: events, type: 'FailedItem', only: failed }],
        jq: 'select(.type == "image.failed") | "\\(.item): \\(.reason)"',
      },
      {
        name: 'run.finished',
        declared: [summary],
        more: [seconds],
        jq: 'select(.type == "run.finished") | .exporters.folder | "\\(.new) new, \\(.failed) failed"',
      },
      {
        name: 'run.stopped',
        declared: [{ file: events, type: 'RunStop', only: promised['run.stopped'] }, summary],
        more: [seconds],
        jq: 'select(.type == "run.stopped") | .home.files',
      },
    ],
  },
  {
    title: 'Any command that ends with an error',
    text: 'The last line. Standard error has the same as a message.',
    lines: [{ name: 'error', declared: [{ file: lines, type: 'ErrorLine' }], jq: 'select(.type == "error") | .next' }],
  },
  {
    title: '`--exec-on-success`, `--exec-on-failure`, `--exec-on-finish`',
    text: 'One object on the standard input of the command, with or without `--json`.',
    lines: [
      {
        name: 'run',
        declared: [{ file: 'src/cli/render/ndjson.ts', type: 'RunReport' }],
        jq: '"smugdl ended with \\(.exitCode): \\(.error.what // "\\(.summary.failedInAll) not safe")"',
      },
    ],
  },
  {
    title: '`smugdl status`',
    text: 'One object.',
    lines: [{ name: 'status', declared: [{ file: lines, type: 'StatusLine' }], jq: '.lastComplete.endedAt' }],
  },
  {
    title: '`smugdl runs`',
    text: 'A row per run, the newest first. `smugdl runs show` writes a row for each item that was not safe, with the fields of `image.failed`.',
    lines: [{ name: 'runs', declared: [{ file: lines, type: 'RunLine' }], jq: '[.run, .startedAt, .exitCode] | @tsv' }],
  },
  {
    title: '`smugdl find`',
    text: 'A row per picture.',
    lines: [{ name: 'find', declared: [{ file: 'src/engine/query/find.ts', type: 'Hit' }], jq: '.home[].file' }],
  },
  {
    title: '`smugdl albums`',
    text: 'A row per album.',
    lines: [
      { name: 'albums', declared: [{ file: lines, type: 'AlbumLine' }], jq: '[.images, .privacy, .album] | @tsv' },
    ],
  },
  {
    title: '`smugdl accept`',
    text: 'A row for each item that is left out on purpose.',
    lines: [
      {
        name: 'accept',
        declared: [{ file: 'src/engine/query/accept.ts', type: 'AcceptedItem' }],
        jq: '"\\(.key): \\(.reason)"',
      },
    ],
  },
  {
    title: '`smugdl verify`',
    text: 'One object; with `--repair` the events of the run that repairs follow it, and finally `repair.finished`: the numbers of items `found` not right, and `left` so.',
    lines: [
      {
        name: 'verify.finished',
        declared: [
          { file: 'src/engine/verify/verify.ts', type: 'VerifySummary' },
          { file: 'src/engine/verify/strangers.ts', type: 'Strangers' },
        ],
        jq: '.findings[] | "\\(.state) \\(.path)"',
      },
    ],
  },
  {
    title: '`smugdl check`',
    text: 'The certificate, as one object. `albums` and `folders` hold the same sums, folder by folder.',
    lines: [
      {
        name: 'certificate',
        declared: [
          {
            file: 'src/engine/check/certificate.ts',
            type: 'Certificate',
            only: ofCertificate,
          },
        ],
        more: [
          { name: 'album', type: 'string[]', help: 'As `--album` was given.' },
          { name: 'exclude', type: 'string[]', help: 'As `--exclude` was given.' },
          { name: 'albums', type: 'object[]', help: 'In no folder: each with its `sums`.' },
          { name: 'folders', type: 'object[]', help: 'Each with its `sums`, its `albums` and its `folders`.' },
        ],
        jq: '"\\(.total.same) of \\(.total.listed)"',
        named: { Finding: { declared: [{ file: 'src/engine/check/certificate.ts', type: 'Finding' }] } },
      },
    ],
  },
  {
    title: '`smugdl adopt`',
    text: 'Files as they are found (`adopt.unreadable`, and with their bytes `adopt.unmatched`), and finally one object.',
    lines: [
      {
        name: 'adopt.finished',
        declared: [
          { file: 'src/engine/adopt/adopt.ts', type: 'AdoptSummary', only: ofAdopted },
          { file: events, type: 'RunSummary', only: ['apiRequests', 'failedInAll', 'failed', 'notices'] },
        ],
        jq: 'select(.type == "adopt.finished") | .left',
      },
    ],
  },
  {
    title: '`smugdl fields`',
    text: 'A row for each field of path templates.',
    lines: [
      {
        name: 'fields',
        declared: [{ file: 'src/engine/query/fields.ts', type: 'FieldValue' }],
        jq: '"\\(.field) \\(.value // "")"',
      },
    ],
  },
  {
    title: '`smugdl plugins list`',
    text: 'A row for each exporter.',
    lines: [{ name: 'plugins', declared: [{ file: 'src/cli/plugins/list.ts', type: 'Row' }], jq: '.name' }],
  },
  {
    title: '`smugdl doctor`',
    text: 'One object; one row of `checks` for each check.',
    lines: [
      {
        name: 'doctor',
        declared: [{ file: lines, type: 'DoctorLine' }],
        jq: '.checks[] | select(.state != "ok") | "\\(.check): \\(.says)"',
      },
    ],
  },
  {
    title: '`smugdl demo`',
    text: 'The events of its run, and finally one object.',
    lines: [
      {
        name: 'demo.finished',
        declared: [{ file: 'src/app/demo.ts', type: 'Demo' }],
        jq: 'select(.type == "demo.finished") | .isExact',
      },
    ],
  },
  {
    title: '`smugdl whoami`',
    text: 'One object.',
    lines: [{ name: 'whoami', declared: [{ file: lines, type: 'WhoamiLine' }], jq: '.nickName' }],
  },
]

/** The page, with an example for each line by its name. */
export function jsonPage(examples: ReadonlyMap<string, object>): string {
  const explained = new Set<Named>()
  return [
    '<!-- Made by test/cli/json-page.test.ts from the types and from what smugdl really writes: npx vitest run test/cli/json-page.test.ts -u -->',
    '',
    '# What `--json` writes',
    '',
    'Standard output has one JSON object per line, in UTF-8, and nothing else. Messages go to standard error.',
    '',
    '- `v` is 1 as long as this page holds: fields and lines may be added, but none is removed or changes its meaning.',
    '- A field without a value is absent.',
    '- Times are ISO 8601 in UTC, sizes are bytes, and durations are seconds or milliseconds, as their names say.',
    '- Exit codes are the same with and without `--json`.',
    '',
    ...sections.flatMap(({ title, text, lines }) => [
      `## ${title}`,
      '',
      text,
      '',
      ...lines.flatMap(({ name, declared, more, jq, named: own }) => [
        ...(lines.length > 1 ? [`### \`${name}\``, ''] : []),
        ...tables({ declared, more: more ?? [] }, { ...named, ...own }, explained),
        '```json',
        JSON.stringify(examples.get(name)),
        '```',
        '',
        '```sh',
        `jq -r '${jq}'`,
        '```',
        '',
      ]),
    ]),
  ].join('\n')
}

interface Field {
  name: string
  type: string
  help: string
}

/** Its fields, then those of the types that they name and nobody has explained yet. */
function tables(
  { declared, more = [] }: Named,
  names: Readonly<Record<string, Named>>,
  explained: Set<Named>,
): string[] {
  const fields = [...declared.flatMap(fieldsOf), ...more]
  const lines = table(fields)
  for (const [name, type] of Object.entries(names)) {
    if (explained.has(type) || !fields.some((field) => new RegExp(`\\b${name}\\b`).test(field.type))) continue
    explained.add(type)
    lines.push(`\`${name}\`:`, '', ...tables(type, names, explained))
  }
  return lines
}

function table(fields: readonly Field[]): string[] {
  if (fields.length === 0) return []
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
  return [
    '| field | is | |',
    '| --- | --- | --- |',
    ...fields.map(({ name, type, help }) => `| \`${name}\` | \`${cell(type)}\` | ${cell(help)} |`),
    '',
  ]
}

/** What a type says of its fields; its source is read as the formatter leaves it, a field a line with its comment before it. */
function fieldsOf({ file, type, event, only }: Declared): Field[] {
  const source = readFileSync(join(root, file), 'utf8')
  const body = event === undefined ? interfaceBody(source, type) : eventBody(source, event)
  if (body === undefined) throw new Error(`${file} declares no ${event ?? type}`)
  const fields: Field[] = []
  let comment: string[] = []
  for (const line of body) {
    const [, name = '', optional = '', is = ''] = /^(?:readonly )?(\w+)(\??): (.*)$/.exec(line) ?? []
    if (name !== '') {
      const isMark = name === 'type' && /^'[^']*'$/.test(is)
      if (!isMark && only?.includes(name) !== false) fields.push(field(name, optional, is, comment.join(' ')))
      comment = []
    } else if (/^(\/\*\*| \*)/.test(line)) comment.push(line.replace(/^\/?\s?\*+\/?\s*/, '').replace(/\s*\*\/$/, ''))
    else if (fields.length > 0) fields.push(continued(fields.pop(), line))
  }
  return fields
}

function field(name: string, optional: string, is: string, help: string): Field {
  const words = is.replaceAll(/readonly | \| undefined/g, '').replaceAll(/(\w+At\??): number/g, '$1: time')
  const plain = Object.entries(spelled).reduce((text, [type, words]) => text.replace(type, words), words)
  const isTime = plain === 'number' && /(At|until)$/.test(name)
  return {
    name: `${name}${optional || (is.endsWith(' | undefined') ? '?' : '')}`,
    type: isTime ? 'time' : plain,
    help: help.replaceAll(/(, | ?)milliseconds since 1970/gi, '').replace(/^\.$/, ''),
  }
}

function continued(before: Field | undefined, line: string): Field {
  const { name = '', type = '', help = '' } = before ?? {}
  const inner = line.trim().replace(/^\/\*\*.*\*\/$/, '')
  const apart = /[{[]$/.test(type) || /^[}\]]/.test(inner) || inner === '' ? ' ' : '; '
  return { name, type: `${type}${apart}${inner}`.replace(/\s+/g, ' ').trim(), help }
}

/** The lines between its braces, without their indent. */
function interfaceBody(source: string, name: string): string[] | undefined {
  const [, body] =
    new RegExp(`^(?:export )?interface ${name} (?:extends [^{]*)?\\{\n(.*?)^\\}`, 'ms').exec(source) ?? []
  return body?.split('\n').map((line) => line.replace(/^ {2}/, ''))
}

function eventBody(source: string, name: string): string[] | undefined {
  const lines = source.split('\n')
  const at = lines.findIndex((line) => line.includes(`type: '${name}'`) && !/^\s*\/?\*/.test(line))
  const line = lines[at]
  if (line === undefined) return undefined
  const inOne = /\{ (.*) \}\)?$/.exec(line)
  if (inOne) return (inOne[1] ?? '').split('; ')
  const end = lines.findIndex((line, index) => index > at && /^ {4}\}/.test(line))
  return lines.slice(at, end).map((line) => line.replace(/^ {6}/, ''))
}
