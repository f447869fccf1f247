import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import zip from '../../plugins/zip/index.ts'
import { writeArchive } from '../../plugins/zip/write-archive.ts'
import type { ExporterContext } from '../../src/exporter/index.ts'
import { expectLinear } from '../growth.ts'

test('1,200 pictures are read back from an archive in twice the time of 600', async () => {
  const output = await mkdtemp(join(tmpdir(), 'zip-growth-'))
  const context = {
    output,
    options: { path: '{album.path}.zip', entry: '{name}', compression: 'none' },
    state: { get: async () => undefined, set: async () => {} },
    inspect: async () => 'ok',
  } as Partial<ExporterContext> as ExporterContext
  try {
    await expectLinear(600, async (size) => {
      const names = Array.from({ length: size }, (_, i) => `IMG_${i}.jpg`)
      const entries = names.map((name) => {
        return { name, key: name, date: new Date(0), bytes: () => Readable.from([Buffer.from(name)]) }
      })
      await writeFile(join(output, 'a.zip'), writeArchive(entries, { deflate: false }))
      const { read } = await zip.create(context)
      return async () => {
        for (const entry of names) {
          const chunks: Uint8Array[] = []
          for await (const chunk of read?.({ path: 'a.zip', entry, album: 'a' }) ?? []) chunks.push(chunk)
          expect(Buffer.concat(chunks).toString()).toBe(entry)
        }
      }
    })
  } finally {
    await rm(output, { recursive: true })
  }
})
