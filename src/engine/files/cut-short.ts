import { type FileHandle, open } from 'node:fs/promises'

/**
 * Why a file looks as if its end were missing, or undefined: it has its end, or nobody can say. Looked at are JPEG, PNG, GIF and what is
 * made of boxes as MP4, MOV and HEIC are; whatever stands behind the end is no concern. For files of which nothing else is known.
 */
export async function cutShort(path: string): Promise<string | undefined> {
  const file = await open(path, 'r')
  try {
    const bytes = new Bytes(file, (await file.stat()).size)
    const start = await bytes.at(0, 12)
    const found = kinds.find(({ begins }) => begins.test(start.toString('latin1')))
    return found && !(await found.hasEnd(bytes)) ? found.reason : undefined
  } finally {
    await file.close()
  }
}

/** Whether a file begins with a line of plain ASCII, as an error of a proxy does and no picture or video: `upstream connect error`. */
export async function isText(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0)
    return bytesRead > 0 && /^[\t\n\r -~]+$/.test(buffer.toString('latin1', 0, bytesRead))
  } finally {
    await file.close()
  }
}

/** No real file has this many parts; a file made to keep us busy for hours is not judged. */
const mostParts = 1_000_000

/** A file's bytes, a window of them in memory. */
class Bytes {
  readonly size: number
  readonly #file: FileHandle
  #window = Buffer.alloc(0)
  #start = 0

  constructor(file: FileHandle, size: number) {
    this.#file = file
    this.size = size
  }

  /** Fewer where the file ends. */
  async at(position: number, length: number): Promise<Buffer> {
    const from = position - this.#start
    if (from < 0 || from + length > this.#window.length) {
      const buffer = Buffer.alloc(Math.max(length, 1 << 16))
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, position)
      this.#window = buffer.subarray(0, bytesRead)
      this.#start = position
    }
    return this.#window.subarray(position - this.#start, position - this.#start + length)
  }
}

/** Segments up to the first scan, whose thumbnails have ends of their own; then the marker EOI, which no scan can hold (ITU T.81 B.1.1). */
async function jpegHasEnd(bytes: Bytes): Promise<boolean> {
  let at = 2
  for (let part = 0; part < mostParts; part++) {
    const [first, marker, high, low] = await bytes.at(at, 4)
    if (first === undefined || marker === undefined) return false
    if (first !== 0xff) return true
    if (marker === EOI) return true
    if (marker === 0xff) at += 1
    else if (isBare(marker)) at += 2
    else if (high === undefined || low === undefined) return false
    else {
      at += 2 + high * 256 + low
      if (marker === SOS) at = await endOfScan(bytes, at)
    }
  }
  return true
}

const EOI = 0xd9
const SOS = 0xda

/** A marker that stands for itself: RST, SOI, TEM. */
function isBare(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
}

/** Where the next marker is that is neither a stuffed byte nor RST; the file's size where there is none. */
async function endOfScan(bytes: Bytes, from: number): Promise<number> {
  for (let at = from; at < bytes.size; ) {
    const some = await bytes.at(at, Math.min(1 << 16, bytes.size - at))
    let found = some.indexOf(0xff)
    for (; found >= 0; found = some.indexOf(0xff, found + 1)) {
      const next = some[found + 1]
      if (next === undefined) break
      if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at + found
    }
    // Of a pair that the window divides, the second half is looked at next.
    at += some.at(-1) === 0xff && some.length > 1 ? some.length - 1 : some.length
  }
  return bytes.size
}

async function pngHasEnd(bytes: Bytes): Promise<boolean> {
  let at = 8
  for (let part = 0; part < mostParts; part++) {
    const head = await bytes.at(at, 8)
    if (head.length < 8) return false
    at += 12 + head.readUInt32BE(0)
    if (head.toString('latin1', 4) === 'IEND') return at <= bytes.size
  }
  return true
}

async function gifHasEnd(bytes: Bytes): Promise<boolean> {
  const [flags = 0] = await bytes.at(10, 1)
  let at = 13 + tableLength(flags)
  let part = 0
  let hasImage = false
  while (part++ < mostParts) {
    const [block] = await bytes.at(at, 1)
    // There are GIFs without their last byte.
    if (block === undefined) return hasImage && at === bytes.size
    if (block === 0x3b) return true
    if (block === 0x21) at += 2
    else if (block === 0x2c) at += 11 + tableLength((await bytes.at(at + 9, 1))[0] ?? 0)
    else return true
    hasImage ||= block === 0x2c
    for (let length = 1; length > 0 && part < mostParts; part++) {
      const [next] = await bytes.at(at, 1)
      if (next === undefined) return false
      length = next
      at += 1 + length
    }
  }
  return true
}

/** Bytes of a table of colours. */
function tableLength(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

/** Boxes fill the file (ISO 14496-12, 4.2). One that was cut between two of them is not recognised. */
async function boxesHaveEnd(bytes: Bytes): Promise<boolean> {
  let at = 0
  for (let part = 0; part < mostParts && at < bytes.size; part++) {
    const head = await bytes.at(at, 16)
    if (head.length < 8) return false
    // What is no box may stand behind the last.
    if (!/^[\w\xa9 -]{4}$/.test(head.toString('latin1', 4, 8))) return true
    const size = head.readUInt32BE(0)
    if (size === 1 && head.length < 16) return false
    const length = size === 1 ? Number(head.readBigUInt64BE(8)) : size
    // 0: up to the end of the file.
    if (length < 8) return true
    at += length
  }
  return at <= bytes.size
}

const kinds: readonly { begins: RegExp; hasEnd: (bytes: Bytes) => Promise<boolean>; reason: string }[] = [
  { begins: /^\xff\xd8\xff/, hasEnd: jpegHasEnd, reason: 'the end of the JPEG is missing' },
  { begins: /^\x89PNG\r\n\x1a\n/, hasEnd: pngHasEnd, reason: 'the end of the PNG is missing' },
  { begins: /^GIF8[79]a/, hasEnd: gifHasEnd, reason: 'the end of the GIF is missing' },
  {
    begins: /^.{4}(ftyp|moov|mdat|wide)/s,
    hasEnd: boxesHaveEnd,
    reason: 'the end of the file is missing, by the lengths that stand in it',
  },
]
