/** Bytes that are made when they are asked for: a body of gigabytes costs no memory. */
export interface Content {
  readonly size: number
  /** The bytes `from` (included) to `to` (excluded), in pieces of at most some 64 KiB. */
  chunks(from?: number, to?: number): Iterable<Buffer>
}

export function contentOf(bytes: Buffer | string): Content {
  const buffer = Buffer.from(bytes)
  return {
    size: buffer.length,
    *chunks(from = 0, to = buffer.length) {
      for (let at = from; at < to; at += PIECE) yield buffer.subarray(at, Math.min(at + PIECE, to))
    },
  }
}

export function readAll(content: Content): Buffer {
  return Buffer.concat([...content.chunks()])
}

export function slice(content: Content, start: number, end: number): Content {
  return {
    size: end - start,
    chunks: (from = 0, to = end - start) => content.chunks(start + from, start + to),
  }
}

export function concat(...parts: readonly Content[]): Content {
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  return {
    size,
    *chunks(from = 0, to = size) {
      let start = 0
      for (const part of parts) {
        const first = Math.max(from - start, 0)
        const last = Math.min(to - start, part.size)
        if (first < last) yield* part.chunks(first, last)
        start += part.size
      }
    },
  }
}

/** The same bytes but for one bit at `at`. */
export function flipBit(content: Content, at: number): Content {
  const flipped = Buffer.concat([...content.chunks(at, at + 1)].map((chunk) => chunk.map((byte) => byte ^ 1)))
  return concat(slice(content, 0, at), contentOf(flipped), slice(content, at + 1, content.size))
}

/** A container format's way to hold bytes that mean nothing. */
export interface Filler {
  /** Bytes around a payload. */
  readonly overhead: number
  wrap(payload: Buffer): Buffer
}

/**
 * `head`, meaningless bytes that follow from the seed, `tail`: `wanted` bytes in all, or as near above it as the format
 * can come.
 */
export function padded(head: Buffer, tail: Buffer, filler: Filler, wanted: number, seed: number): Content {
  const missing = wanted - head.length - tail.length
  if (missing <= 0) return contentOf(Buffer.concat([head, tail]))
  const padding = Math.max(missing, filler.overhead)
  const count = Math.ceil(padding / (PIECE - 1000))
  const plain = Math.floor(padding / count)
  const longer = padding % count
  const startOf = (index: number) => index * plain + Math.min(index, longer)
  const middle: Content = {
    size: padding,
    *chunks(from = 0, to = padding) {
      for (let index = Math.max(Math.floor(from / (plain + 1)) - 1, 0); index < count; index++) {
        const start = startOf(index)
        const end = startOf(index + 1)
        if (end <= from) continue
        if (start >= to) return
        const block = filler.wrap(noise(seed, index, end - start - filler.overhead))
        yield block.subarray(Math.max(from - start, 0), Math.min(to, end) - start)
      }
    },
  }
  return concat(contentOf(head), middle, contentOf(tail))
}

/** Bytes that look random and are the same each time: a window into one fixed block, moved by seed and index. */
function noise(seed: number, index: number, length: number): Buffer {
  const at = Math.floor(Math.abs(seed) * 7919 + index * 104_729) % PIECE
  return NOISE.subarray(at, at + length)
}

const PIECE = 65_536
const NOISE = Buffer.alloc(2 * PIECE)
for (let i = 0, state = 0x9e3779b9; i < NOISE.length; i += 4) {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  NOISE.writeInt32LE(state | 0, i)
}
