import { crc32, inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Content, readAll } from '../../src/simulator/content.ts'
import { jpeg, movie, pixelsOf, png } from '../../src/simulator/picture.ts'

const makers: Array<[string, (seed: number, size: number) => Content]> = [
  ['jpeg()', jpeg],
  ['png()', png],
  ['movie()', (seed, size) => movie(seed, size, 'mp42')],
]

describe.each(makers)('%s', (_, make) => {
  test('has exactly the size that was wanted, if it can', () => {
    for (const size of [2000, 2001, 65_535, 65_536, 65_537, 129_000, 1_000_003]) {
      expect(make(3, size).size).toBe(size)
      expect(readAll(make(3, size)).length).toBe(size)
    }
    const smallest = make(3, 0).size
    expect(smallest).toBeLessThan(2000)
    for (let wanted = smallest; wanted < smallest + 30; wanted++) {
      const { size } = make(3, wanted)
      expect(size).toBe(readAll(make(3, wanted)).length)
      expect(size - wanted).toBeLessThanOrEqual(12)
    }
  })

  test('gives any part of itself without making the rest', () => {
    const content = make(4, 300_000)
    const whole = readAll(content)
    for (const [from, to] of [
      [0, 1],
      [299_999, 300_000],
      [64_000, 66_000],
      [100_000, 250_000],
      [5, 5],
    ] as const)
      expect(Buffer.concat([...content.chunks(from, to)]).equals(whole.subarray(from, to))).toBe(true)
  })

  test('differs from seed to seed, also where the picture is the same', () => {
    const seeds = [0, 0.25, 0.5, 1, 97, 194, 1_000_003]
    expect(new Set(seeds.map((seed) => readAll(make(seed, 3000)).toString('latin1'))).size).toBe(seeds.length)
  })
})

test('png() is a PNG: every checksum right, as many pixels as pixelsOf() says', () => {
  for (const [seed, size] of [
    [1, 0],
    [5, 200_000],
  ] as const) {
    const bytes = readAll(png(seed, size))
    expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a')
    const chunks = new Map<string, Buffer>()
    for (let at = 8; at < bytes.length; ) {
      const length = bytes.readUInt32BE(at)
      expect(crc32(bytes.subarray(at + 4, at + 8 + length))).toBe(bytes.readUInt32BE(at + 8 + length))
      chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length))
      at += 12 + length
    }
    const { width, height } = pixelsOf(seed)
    expect([...chunks.keys()].at(-1)).toBe('IEND')
    expect([chunks.get('IHDR')?.readUInt32BE(0), chunks.get('IHDR')?.readUInt32BE(4)]).toEqual([width, height])
    expect(inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0)).length).toBe(height * (1 + width * 3))
  }
})

test('jpeg() is a JPEG: segments end where they say, the scan decodes to as many blocks as the frame has', () => {
  for (const [seed, size] of [
    [1, 0],
    [5, 200_000],
  ] as const) {
    const bytes = readAll(jpeg(seed, size))
    expect(bytes.readUInt16BE(0)).toBe(0xffd8)
    expect(bytes.readUInt16BE(bytes.length - 2)).toBe(0xffd9)
    let [at, width, height] = [2, 0, 0]
    for (let marker = 0; marker !== 0xffda; ) {
      marker = bytes.readUInt16BE(at)
      expect(marker).toBeGreaterThan(0xff00)
      if (marker === 0xffc0) [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)]
      at += 2 + bytes.readUInt16BE(at + 2)
    }
    expect({ width, height }).toEqual(pixelsOf(seed))
    expect(blocksIn(bytes.subarray(at, -2))).toBe((width / 8) * (height / 8) * 3)
  }
})

test('movie() is made of boxes that end where the file ends', () => {
  const bytes = readAll(movie(1, 200_000, 'qt  '))
  const names: string[] = []
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) names.push(bytes.toString('latin1', at + 4, at + 8))
  expect(names.slice(0, 3)).toEqual(['ftyp', 'free', 'mdat'])
})

/** Decodes a scan of blocks that have a DC difference and no AC coefficient, with the standard's own table (T.81, K.3). */
function blocksIn(scan: Buffer): number {
  const codes = new Map(
    ['00', '010', '011', '100', '101', '110', '1110', '11110', '111110'].map((code, size) => [code, size]),
  )
  const bits = [...scan]
    .filter((byte, index) => byte !== 0 || scan[index - 1] !== 0xff)
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
  let blocks = 0
  for (let at = 0; bits.length - at >= 8 || /0/.test(bits.slice(at)); blocks++) {
    let length = 2
    while (!codes.has(bits.slice(at, at + length)) && length < 10) length++
    at += length + (codes.get(bits.slice(at, at + length)) ?? Number.NaN)
    expect(bits[at]).toBe('0')
    at += 1
  }
  return blocks
}
