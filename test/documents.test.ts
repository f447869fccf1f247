import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

const documents = [
  'SECURITY.md',
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'test/README.md',
  'plugins/README.md',
  'plugins/s3/README.md',
  'scripts/README.md',
]

test.each(documents)('every relative link of %s leads to something that exists', (document) => {
  const paths = relativeLinks(read(document))
  const dead = paths.filter((path) => !existsSync(join(root, dirname(document), path)))
  expect(dead).toEqual([])
})

test('the table of attacks names where each is closed and what tries it', () => {
  const rows = [...read('test/README.md').matchAll(/^\| (\d+) +\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)]
  expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 23 }, (_, index) => index + 1))
  for (const [row, , , closed = '', tried = ''] of rows) {
    expect(relativeLinks(closed), row).not.toEqual([])
    expect(relativeLinks(tried), row).toEqual(expect.arrayContaining([expect.stringContaining('.test.ts')]))
  }
})

test('every claim in the threat model is followed by its test, or says that there is none', () => {
  const [, promises = ''] = /^## What it promises\n(.*?)^## /ms.exec(read('SECURITY.md')) ?? []
  const claims = promises.split(/^- /m).slice(1)
  expect(claims.length).toBeGreaterThan(10)
  expect(claims.filter((claim) => !/\]\(test\/|No test/.test(claim))).toEqual([])
})

test('what README shows of a terminal is what a terminal shows: transcripts of the built program', () => {
  const folder = join(root, 'test/e2e/transcripts')
  const transcripts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
  const blocks = [...read('README.md').matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = '']) => block.trimEnd())
  expect(blocks.length).toBeGreaterThan(3)
  for (const block of blocks) {
    const isShown = transcripts.some((lines) => inOrder(block.split('\n'), lines))
    expect([block, isShown]).toEqual([block, true])
  }
})

test('names of code and of files in comments and documents are names of today', () => {
  const files = ['src', 'plugins', 'scripts', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  const words = new Set(others)
  const told = new Map<string, string>(documents.map((document) => [document, read(document)]))
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const text = read(file)
    const { comments } = parseSync(file, text)
    let code = ''
    let end = 0
    for (const comment of comments) {
      code += text.slice(end, comment.start)
      end = comment.end
    }
    for (const [word] of `${code}${text.slice(end)}`.matchAll(/\w+/g)) words.add(word)
    told.set(file, comments.map(({ value }) => value).join('\n'))
  }
  const unknown = [...told].flatMap(([where, text]) => [
    ...[...text.matchAll(/`([A-Za-z]+(?:\.[a-z][A-Za-z]+)?)(?:\(\))?`/g)]
      .flatMap(([, name = '']) => name.split('.'))
      .filter((name) => /[a-z][A-Z]/.test(name) && !words.has(name))
      .map((name) => `${where}: ${name}`),
    ...[...text.matchAll(/`((?:[a-z-]+\/)*[a-z0-9-]+(?:\.test)?\.ts)`/g)]
      .filter(([, path]) => !files.some((file) => `/${file}`.endsWith(`/${path}`)))
      .map(([, path]) => `${where}: ${path}`),
  ])
  expect(unknown).toEqual([])
})

/** SmugMug's, citty's, the kernel's and Amazon's. */
const others = ['PastDue', 'runMain', 'SigIgn', 'AbortIncompleteMultipartUpload']

/** A `…` alone leaves some out. */
function inOrder(wanted: readonly string[], lines: readonly string[]): boolean {
  let place = -1
  let gap = true
  for (const line of wanted) {
    if (line === '…') gap = true
    else {
      const next = gap ? lines.findIndex((each, at) => at > place && each.trimEnd() === line.trimEnd()) : place + 1
      if (next === -1 || lines[next]?.trimEnd() !== line.trimEnd()) return false
      place = next
      gap = false
    }
  }
  return true
}

const read = (document: string) => readFileSync(join(root, document), 'utf8')

/** Without the fragment; code holds no links. */
function relativeLinks(markdown: string): string[] {
  const text = markdown.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, 'code')
  const inline = [...text.matchAll(/\]\(([^()\s]+)\)/g)].map(([, to = '']) => to)
  return inline.filter((to) => !/^(?:[a-z]+:|#)/.test(to)).map((to) => decodeURIComponent(to.replace(/#.*/, '')))
}
