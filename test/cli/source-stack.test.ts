import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build } from '../../scripts/build.ts'
import { sourceStack } from '../../src/cli/source-stack.ts'

let folder: string
let dist: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-stack-'))
  dist = join(folder, 'a (copied) folder')
  await build(dist)
})
afterAll(() => rm(folder, { recursive: true }))

test('a stack names the line of the source that the bundle was made of', async () => {
  const said = 'This is a bug in smugdl.'
  const source = (await readFile('src/cli/exit.ts', 'utf8')).split('\n').findIndex((line) => line.includes(said)) + 1
  const { path, line, column } = await placeOf(said)
  const stack = sourceStack(
    [
      'TypeError: x is not a function',
      `    at async Object.run [as cli] (${path}:${line}:${column})`,
      `    at async ${pathToFileURL(path).href}:${line}:${column}`,
      '    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
    ].join('\n'),
  )
  expect(stack.split('\n')).toEqual([
    'TypeError: x is not a function',
    expect.stringMatching(
      new RegExp(`^ {4}at async Object\\.run \\[as cli\\] \\(src/cli/exit\\.ts:${source}:\\d+\\)$`),
    ),
    expect.stringMatching(new RegExp(`^ {4}at async src/cli/exit\\.ts:${source}:\\d+$`)),
    '    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
  ])
})

test('a place that no source map knows stays as it is', () => {
  const stack = `Error: x\n    at f (${join(dist, 'absent.mjs')}:1:1)\n    at ../smugdl.cjs:1:1`
  expect(sourceStack(stack)).toBe(stack)
})

/** Where a string literal stands in the bundle: line and column count from 1, as in a stack. */
async function placeOf(literal: string): Promise<{ path: string; line: number; column: number }> {
  for (const name of await readdir(dist, { recursive: true })) {
    if (!name.endsWith('.mjs')) continue
    const path = join(dist, name)
    const [before = '', after] = (await readFile(path, 'utf8')).split(`"${literal}`)
    if (after === undefined) continue
    const lines = before.split('\n')
    return { path, line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
  }
  throw new Error(`nothing in the bundle says ${literal}`)
}
