import { crc32, deflateSync } from 'node:zlib'
import { type Content, type Filler, padded } from './content.ts'

/** A JPEG that every viewer shows: a small landscape of 8 by 8 squares. */
export function jpeg(seed: number, wantedBytes: number): Content {
  const head = Buffer.concat([JPEG_START, segment(0xfe, Buffer.from(`simulated picture ${seed}`))])
  return padded(head, sceneOf(seed).jpegTail(), JPEG_COMMENT, wantedBytes, seed)
}

/** The same landscape as a PNG. */
export function png(seed: number, wantedBytes: number): Content {
  const scene = sceneOf(seed)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(scene.width, 0)
  header.writeUInt32BE(scene.height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const head = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`Comment\0simulated picture ${seed}`)),
  ])
  return padded(head, scene.pngTail(), PNG_PRIVATE, wantedBytes, seed)
}

/** The boxes of an MP4 or QuickTime file without anything to play. */
export function movie(seed: number, wantedBytes: number, brand: 'mp42' | 'qt  '): Content {
  const head = Buffer.concat([
    box('ftyp', Buffer.from(`${brand}\0\0\0\0${brand}`)),
    box('free', Buffer.from(`simulated video ${seed}`)),
  ])
  return padded(head, Buffer.alloc(0), MOVIE_DATA, wantedBytes, seed)
}

/** Width and height in pixels, as `OriginalWidth` and `OriginalHeight` give them. */
export function pixelsOf(seed: number): { width: number; height: number } {
  const { width, height } = sceneOf(seed)
  return { width, height }
}

/** What there is to see, and its two encodings, each made once. */
interface Scene {
  width: number
  height: number
  jpegTail(): Buffer
  pngTail(): Buffer
}

/** There are this many different landscapes; files of the same one differ in their comment and their padding. */
const SCENES = 97
const SQUARE = 8

function sceneOf(seed: number): Scene {
  const number = Math.floor(Math.abs(seed)) % SCENES
  let scene = scenes.get(number)
  if (!scene) {
    scene = makeScene(number)
    scenes.set(number, scene)
  }
  return scene
}

const scenes = new Map<number, Scene>()

function makeScene(number: number): Scene {
  const columns = number % 5 === 0 ? 12 : 18 + (number % 4)
  const rows = (number % 5 === 0 ? 16 : 12) + (number % 3)
  const squares = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => colourAt(number, column / columns, row / rows)),
  )
  const [width, height] = [columns * SQUARE, rows * SQUARE]
  return {
    width,
    height,
    jpegTail: once(() => jpegTail(squares, width, height)),
    pngTail: once(() => pngTail(squares)),
  }
}

type Colour = readonly [red: number, green: number, blue: number]

function colourAt(number: number, x: number, y: number): Colour {
  const hill = 0.62 + 0.14 * Math.sin(number * 1.7 + x * 5) + 0.06 * Math.sin(number * 0.9 + x * 13)
  const warmth = (Math.sin(number * 0.61) + 1) / 2
  if (y < hill) {
    const glow = y / hill
    return [mix(70 + 90 * warmth, 250, glow), mix(130, 205 - 40 * warmth, glow), mix(215 - 60 * warmth, 190, glow)]
  }
  const depth = (y - hill) / (1 - hill)
  return [mix(50 + 70 * warmth, 25, depth), mix(120 - 40 * warmth, 60, depth), mix(60, 35, depth)]
}

function mix(from: number, to: number, share: number): number {
  return Math.max(0, Math.min(255, Math.round(from + (to - from) * share)))
}

/** What follows the comments of a JPEG: tables, frame, scan (ITU T.81, annex B). */
function jpegTail(squares: readonly Colour[][], width: number, height: number): Buffer {
  const frame = Buffer.from([8, 0, 0, 0, 0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0])
  frame.writeUInt16BE(height, 1)
  frame.writeUInt16BE(width, 3)
  return Buffer.concat([
    segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 8)])),
    segment(0xc0, frame),
    segment(0xc4, Buffer.concat([Buffer.from([0x00]), DC_TABLE])),
    segment(0xc4, Buffer.concat([Buffer.from([0x10]), AC_TABLE])),
    segment(0xda, Buffer.from([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])),
    scan(squares),
    Buffer.from([0xff, 0xd9]),
  ])
}

/** Each square is one constant colour, so each block is a DC difference and an end of block (ITU T.81, F.1.2). */
function scan(squares: readonly Colour[][]): Buffer {
  const bits = new BitWriter()
  const last = [0, 0, 0]
  for (const [red, green, blue] of squares.flat()) {
    const levels = [
      Math.round(0.299 * red + 0.587 * green + 0.114 * blue) - 128,
      Math.round(-0.1687 * red - 0.3313 * green + 0.5 * blue),
      Math.round(0.5 * red - 0.4187 * green - 0.0813 * blue),
    ]
    levels.forEach((level, component) => {
      const difference = level - (last[component] ?? 0)
      last[component] = level
      const size = 32 - Math.clz32(Math.abs(difference))
      bits.write(DC_CODES[size] ?? '')
      if (size > 0)
        bits.write((difference > 0 ? difference : difference + 2 ** size - 1).toString(2).padStart(size, '0'))
      bits.write('0')
    })
  }
  return bits.finish()
}

/** What follows the comments of a PNG: the lines, each without a filter, and the end. */
function pngTail(squares: readonly Colour[][]): Buffer {
  const lines = squares.flatMap((row) => {
    const pixels = row.flatMap((colour) => Array.from({ length: SQUARE }, () => colour)).flat()
    return Array.from({ length: SQUARE }, () => Buffer.from([0, ...pixels]))
  })
  return Buffer.concat([chunk('IDAT', deflateSync(Buffer.concat(lines))), chunk('IEND', Buffer.alloc(0))])
}

/** Collects bits into bytes, with the zero that JPEG puts after each 0xFF. */
class BitWriter {
  readonly #bytes: number[] = []
  #current = 0
  #filled = 0

  write(bits: string): void {
    for (const bit of bits) {
      this.#current = (this.#current << 1) | (bit === '1' ? 1 : 0)
      if (++this.#filled === 8) this.#push()
    }
  }

  finish(): Buffer {
    while (this.#filled !== 0) this.write('1')
    return Buffer.from(this.#bytes)
  }

  #push(): void {
    this.#bytes.push(this.#current)
    if (this.#current === 0xff) this.#bytes.push(0)
    this.#current = this.#filled = 0
  }
}

/** Huffman codes of the sizes 0 to 8, which are all that a difference of two levels can have. */
const DC_CODES = ['00', '010', '011', '100', '101', '110', '1110', '11110', '111110', '1111110']
const DC_TABLE = Buffer.from([0, 1, 5, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
/** One code of one bit: end of block. */
const AC_TABLE = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])

function segment(marker: number, payload: Buffer): Buffer {
  const start = Buffer.from([0xff, marker, 0, 0])
  start.writeUInt16BE(payload.length + 2, 2)
  return Buffer.concat([start, payload])
}

function chunk(name: string, payload: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), payload])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(payload.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

function box(name: string, payload: Buffer): Buffer {
  const start = Buffer.alloc(8)
  start.writeUInt32BE(payload.length + 8)
  start.write(name, 4, 'latin1')
  return Buffer.concat([start, payload])
}

const JPEG_COMMENT: Filler = { overhead: 4, wrap: (payload) => segment(0xfe, payload) }
const PNG_PRIVATE: Filler = { overhead: 12, wrap: (payload) => chunk('smPd', payload) }
const MOVIE_DATA: Filler = { overhead: 8, wrap: (payload) => box('mdat', payload) }

const JPEG_START = Buffer.concat([
  Buffer.from([0xff, 0xd8]),
  segment(0xe0, Buffer.from('4a46494600010100000100010000', 'hex')),
])

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
