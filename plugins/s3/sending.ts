import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pipeline, Transform } from 'node:stream'
import type { VerifiedFile } from '../../src/exporter/index.ts'
import type { Sending } from './objects.ts'
import type { Attempt } from './requests.ts'

/** What is held in memory while it is sent; more goes as a stream. */
const inMemory = 1024 * 1024

/** A staged file. `onBytes` hears of what left; of each attempt. */
export function fileSending(file: VerifiedFile, onBytes: (bytes: number) => void): Sending {
  return {
    size: file.size,
    sha256: file.sha256,
    md5: file.md5,
    async open(one) {
      if (file.size > inMemory) return stream(file.path, 0, file.size, one, onBytes)
      onBytes(file.size)
      return readFile(file.path)
    },
  }
}

/** Some bytes of a file, as they pass. A disk that fails ends the attempt: the client would wait for ever. */
export function stream(
  path: string,
  start: number,
  size: number,
  { alive }: Attempt,
  onBytes: (bytes: number) => void,
): NodeJS.ReadableStream {
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      alive()
      onBytes(chunk.length)
      done(undefined, chunk)
    },
  })
  return pipeline(
    createReadStream(path, { start, end: start + size - 1, highWaterMark: 256 * 1024 }),
    counted,
    () => {},
  )
}
