import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cutShort } from '../../../src/engine/files/cut-short.ts'
import { readAll } from '../../../src/simulator/content.ts'
import { jpeg, movie, png } from '../../../src/simulator/picture.ts'
import { testFolder } from '../folder.ts'

const gif = Buffer.concat([
  Buffer.from('GIF89a'),
  Buffer.from([1, 0, 1, 0, 0x80, 0, 0, ...[0, 0, 0, 255, 255, 255]]),
  Buffer.from([0x21, 0xf9, 4, 0, 0, 0, 0, 0]),
  Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b]),
])
const thumbnail = Buffer.from([0xff, 0xe1, 0, 8, 0xff, 0xd8, 0xff, 0xd9, 1, 2])
const plain = readAll(jpeg(7, 3000))
const withThumbnail = Buffer.concat([plain.subarray(0, 2), thumbnail, plain.subarray(2)])
const scan = Buffer.alloc(200_000, Buffer.from([0x12, 0xff, 0x00, 0xff, 0xd3]))
const twoScans = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2]),
  scan,
  Buffer.from([0xff, 0xc4, 0, 4, 0xff, 0xd9, 0xff, 0xda, 0, 2]),
  scan,
  Buffer.from([0xff, 0xd9]),
])
const largeBox = Buffer.concat([
  Buffer.from('0000000c6674797071742020000000016d646174000000000000001801020304', 'hex'),
  Buffer.alloc(4),
])

const files: Readonly<Record<string, Buffer>> = {
  'a JPEG': plain,
  'a JPEG with a thumbnail': withThumbnail,
  'a JPEG of two scans': twoScans,
  'a PNG': readAll(png(7, 3000)),
  'a GIF': gif,
  'an MP4': readAll(movie(7, 3000, 'mp42')),
  'a MOV of a long box': largeBox,
}

async function judged(...all: readonly Buffer[]): Promise<(string | undefined)[]> {
  await using folder = await testFolder()
  const path = join(folder.path, 'file')
  const found: (string | undefined)[] = []
  for (const bytes of all) {
    await writeFile(path, bytes)
    found.push(await cutShort(path))
  }
  return found
}

test.each(Object.entries(files))('%s has its end, whatever stands behind it', async (_, file) => {
  expect(await judged(file, Buffer.concat([file, Buffer.alloc(100_000)]))).toEqual([undefined, undefined])
})

test.each(Object.entries(files))('%s that ends anywhere before looks cut short', async (kind, file) => {
  const step = Math.ceil(file.length / 500)
  // Between two boxes, or before the last byte of a GIF, nobody can say.
  const lengths = Array.from({ length: 500 }, (_, i) => 16 + i * step).filter((length) => length < file.length)
  const cut = lengths.filter(
    (length) => !(kind === 'an MP4' && [20, 46].includes(length)) && !(kind === 'a GIF' && length === file.length - 1),
  )
  const found = await judged(...cut.map((length) => file.subarray(0, length)))
  expect(cut.filter((_, index) => found[index]?.includes('is missing') !== true)).toEqual([])
})

test('of a TIFF, a page or nothing nobody can say', async () => {
  expect(await judged(Buffer.from('II*'), Buffer.from('<html>'), Buffer.alloc(0))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('a file that was made to be walked through for hours is not judged', async () => {
  await using folder = await testFolder()
  const path = join(folder.path, 'file')
  const file = await open(path, 'w')
  await file.write(
    Buffer.concat([
      Buffer.from('0000000866747970', 'hex'),
      Buffer.alloc(9_000_000, Buffer.from('0000000866726565', 'hex')),
    ]),
  )
  await file.close()
  expect(await cutShort(path)).toBeUndefined()
})
