import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ZipArchive } from 'archiver'
import { afterAll, expect, test } from 'vitest'
import { openFoundFiles } from '../../../src/catalog/adopt-index.ts'
import { readFolder } from '../../../src/engine/adopt/scan.ts'

const scratch = mkdtempSync(join(tmpdir(), 'smugdl-read-'))
afterAll(() => rmSync(scratch, { recursive: true }))

test('20,000 files are read within flat memory, and not one of them again', async () => {
  const folder = join(scratch, 'many')
  for (let sub = 0; sub < 40; sub++) {
    mkdirSync(join(folder, String(sub)), { recursive: true })
    for (let number = 0; number < 500; number++)
      writeFileSync(join(folder, String(sub), `${number}.jpg`), `${sub} ${number}`)
  }
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  const heap = () => {
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  using found = openFoundFiles(join(scratch, 'found.sqlite'))
  const { signal } = new AbortController()
  const heaps: number[] = []
  const toRead: number[] = []
  const read = async (now: number): Promise<number> => {
    let files = 0
    await readFolder(folder, {
      found,
      readers: 4,
      now: () => now,
      draining: signal,
      signal,
      onLooked: (left) => toRead.push(left.files),
      onRead() {
        files += 1
        if (files === 1000 || files === 19_000) heaps.push(heap())
      },
    })
    return files
  }
  expect([await read(1), await read(2), toRead]).toEqual([20_000, 0, [20_000, 0]])
  expect(found.totals()).toMatchObject({ files: 20_000, read: 20_000, troubled: 0 })
  const [early = 0, late = 0] = heaps
  // 18,000 paths and hashes alone would be 4 MB.
  expect(late - early).toBeLessThan(1_000_000)
})

test('an archive of many files is read entry by entry, and gone on with in the middle', async () => {
  const folder = join(scratch, 'archive')
  mkdirSync(folder)
  const archive = new ZipArchive({ store: true })
  for (let number = 0; number < 300; number++)
    archive.append(Buffer.from(`picture ${number}`), { name: `${number}.jpg` })
  const [bytes] = await Promise.all([buffer(archive), archive.finalize()])
  writeFileSync(join(folder, 'all.zip'), bytes)

  using found = openFoundFiles(join(scratch, 'archive.sqlite'))
  /** Winds up after so many entries; how many it has read. */
  const read = async (look: number, stopAfter: number): Promise<number> => {
    const draining = new AbortController()
    const { signal } = new AbortController()
    let entries = 0
    const put: typeof found.put = (...given) => {
      entries += 1
      if (entries === stopAfter) draining.abort()
      found.put(...given)
    }
    const parts = { readers: 4, now: () => look, draining: draining.signal, signal, onLooked() {}, onRead() {} }
    await readFolder(folder, { ...parts, found: { ...found, put } })
    return entries
  }
  expect([await read(1, 100), found.totals().read]).toEqual([100, 100])
  expect([await read(2, 1000), found.totals()]).toMatchObject([200, { files: 300, read: 300 }])
  expect(await read(3, 1000)).toBe(0)
})
