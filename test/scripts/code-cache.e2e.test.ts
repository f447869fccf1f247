import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bundle, build } from '../../scripts/build.ts'
import { codeCaches } from '../../scripts/code-cache.ts'

const flags = ['--min-semi-space-size=4', '--max-semi-space-size=4']

let folder: string
let bundle: Bundle
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-code-cache-'))
  bundle = await build(join(folder, 'dist'))
})
afterAll(() => rm(folder, { recursive: true }))

async function cachesIn(name: string): Promise<string[]> {
  const work = join(folder, name)
  await mkdir(work)
  return codeCaches(bundle.entry, flags, work)
}

test('the same chunks give the same compiled code, and V8 takes it', async () => {
  const [one, another] = [await cachesIn('one'), await cachesIn('another')]
  const bytes = (paths: string[]) =>
    Promise.all(paths.map(async (path) => [basename(path), (await readFile(path)).toString('base64')]))
  expect(await bytes(one)).toEqual(await bytes(another))
  const chunks = bundle.chunks.map((path) => `${basename(path)}.cache`)
  expect(chunks).toEqual(expect.arrayContaining(one.map((path) => basename(path))))

  // As scripts/require-chunks.cjs compiles, which is in the bundle only.
  const code = `
    const { readFileSync } = require('node:fs')
    const { Script } = require('node:vm')
    const wrapper = '(function(exports,require,module,__filename,__dirname){'
    for (const [chunk, cache] of JSON.parse(process.argv[1])) {
      const options = { filename: 'chunk', columnOffset: -wrapper.length, cachedData: readFileSync(cache) }
      const script = new Script(wrapper + readFileSync(chunk, 'utf8') + '\\n})', options)
      if (script.cachedDataRejected !== false) console.log(chunk)
    }`
  const pairs = one.map((cache) => [bundle.chunks.find((path) => basename(path) === basename(cache, '.cache')), cache])
  expect(execFileSync(process.execPath, [...flags, '-e', code, JSON.stringify(pairs)], { encoding: 'utf8' })).toBe('')
})
