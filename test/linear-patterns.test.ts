import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { analyse } from 'scslre'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

test('no regular expression takes the square of a text or more', () => {
  const patterns = ['src', 'plugins'].flatMap(patternsBelow)
  expect(patterns.length).toBeGreaterThan(100)
  expect(patterns.filter(({ pattern, flags }) => analyse({ source: pattern, flags }).reports.length > 0)).toEqual([])
})

test('what would is recognised, in every place where it was once', () => {
  for (const [source, flags] of [
    ['[ .]+$', ''],
    ['[\\s.]+$', 'u'],
    ['^/+|/+$', 'g'],
    ['(a+)+b', ''],
    ['[[a-z]--[b]]+[a-c]+$', 'v'],
  ] as const)
    expect(analyse({ source, flags }).reports, source).not.toEqual([])
})

test('a pattern that is put together at run time holds nothing but a text', () => {
  const made = ['src', 'plugins'].flatMap((folder) =>
    filesBelow(folder).flatMap((file) =>
      Array.from(
        readFileSync(join(root, file), 'utf8').matchAll(
          /new RegExp\(.*|(?<![\w.])RegExp\(.*|posix\.matchesGlob.*|path\.matchesGlob.*/g,
        ),
        ([line]) => `${file}: ${line}`,
      ),
    ),
  )
  expect(made.filter((line) => !line.includes('RegExp.escape(home)'))).toEqual([])
})

interface Pattern {
  file: string
  pattern: string
  flags: string
}

function patternsBelow(folder: string): Pattern[] {
  return filesBelow(folder).flatMap((file) => {
    const found: Pattern[] = []
    const visit = (node: unknown): void => {
      if (Array.isArray(node)) for (const each of node) visit(each)
      else if (typeof node === 'object' && node !== null) {
        if ('regex' in node && node.regex !== undefined) found.push({ file, ...(node.regex as Omit<Pattern, 'file'>) })
        for (const child of Object.values(node)) visit(child)
      }
    }
    visit(parseSync(file, readFileSync(join(root, file), 'utf8')).program)
    return found
  })
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?[tj]s$/.test(name))
    .map((name) => join(folder, name).replaceAll('\\', '/'))
}
