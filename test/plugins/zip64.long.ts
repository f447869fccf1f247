import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openArchive } from '../../plugins/zip/archive.ts'
import { writeArchive } from '../../plugins/zip/write-archive.ts'
import { archiveTools } from './archive-tools.ts'

const piece = Buffer.alloc(1 << 20, 'smugdl')
const sizes = { 'small.jpg': 1, 'huge.mp4': 4200, 'after it.jpg': 3 }

let folder = ''
const path = () => join(folder, 'huge.zip')

/** So many MiB, the first of each telling which one it is. */
async function* mebibytes(count: number): AsyncGenerator<Buffer> {
  for (let number = 0; number < count; number++) {
    piece.writeUInt32LE(number)
    yield Buffer.from(piece)
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-zip64-'))
  const entries = Object.entries(sizes).map(([name, size]) => {
    return { name, key: name, date: new Date(0), bytes: () => mebibytes(size) }
  })
  await pipeline(writeArchive(entries, { deflate: false }), createWriteStream(path()))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test('an archive above 4 GiB is read back whole, what comes after the huge entry too', async () => {
  using archive = await openArchive(path())
  expect(archive.images.map(({ name, size }) => [name, size / piece.length])).toEqual(Object.entries(sizes))
  for (const image of archive.images) {
    const [read, written] = [createHash('sha1'), createHash('sha1')]
    for await (const chunk of archive.read(image)) read.update(chunk)
    for await (const chunk of mebibytes(sizes[image.name as keyof typeof sizes])) written.update(chunk)
    expect(read.digest('hex')).toBe(written.digest('hex'))
  }
})

for (const { name, missing, problems } of archiveTools) {
  test.skipIf(missing !== undefined)(`${name} accepts it${missing === undefined ? '' : ` (${missing})`}`, () => {
    expect(problems(path())).toBeUndefined()
  })
}
