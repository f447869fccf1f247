import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bigWorld } from '../../src/simulator/big.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import { whyNoTrace } from '../crash/trace.ts'
import { isScript, start } from './program.ts'

/** Calls that name a file, write to one or make it durable. Others depend on how busy the machine is. */
const calls = ['statx', 'openat', 'pwrite64', 'fsync', 'link', 'unlink', 'rename', 'utimensat', 'mkdir']

const [few, many] = [100, 300]

test('what a run asks of the disk grows with the pictures, by no more than so much for each', async ({ skip }) => {
  const reason = whyNoTrace() ?? (isScript ? undefined : 'the built program is counted, with its Node')
  if (reason !== undefined) skip(reason)
  const [small, large] = [await countsOf(few), await countsOf(many)]
  const each = (run: 'first' | 'again', call: string) =>
    ((large[run][call] ?? 0) - (small[run][call] ?? 0)) / (many - few)

  // Two are a new place for the bytes and their name; the rest are looks at where they will be and what stands there.
  expect(each('first', 'statx')).toBeLessThan(5)
  expect(each('first', 'openat')).toBeLessThan(3)
  expect(each('first', 'fsync')).toBeLessThan(1.5)
  for (const call of ['link', 'unlink', 'utimensat']) expect(each('first', call), call).toBeLessThan(1.2)
  // Its bytes and the catalog's pages.
  expect(each('first', 'pwrite64')).toBeLessThan(16)

  expect(each('again', 'statx')).toBeLessThan(1.2)
  for (const call of calls.filter((call) => call !== 'statx')) expect(each('again', call), call).toBeLessThan(0.1)
})

/** How often each call was made by a first run, and by the next one, which finds nothing new. */
async function countsOf(pictures: number): Promise<Record<'first' | 'again', Record<string, number>>> {
  await using simulator = await simulate(bigWorld({ albums: 2, imagesPerAlbum: pictures / 2 }))
  const folder = await mkdtemp(join(tmpdir(), 'smugdl-calls-'))
  const counted = async () => {
    const counts = join(folder, 'counts')
    const traced = ['strace', '-f', '-c', '-U', 'calls,name', '-o', counts, '-e', `trace=${calls.join()}`]
    const env = { ...simulator.environment, SMUGDL_CONFIG_DIR: join(folder, 'config') }
    const { code, stderr } = await start(['download', '-q', '-o', join(folder, 'home')], env, folder, traced).ended
    expect([code, stderr]).toEqual([0, ''])
    const lines = (await readFile(counts, 'utf8')).matchAll(/^\s*(\d+)\s+(\w+)$/gm)
    return Object.fromEntries([...lines].map(([, count, name]) => [name, Number(count)]))
  }
  try {
    return { first: await counted(), again: await counted() }
  } finally {
    await rm(folder, { recursive: true })
  }
}
