import { close, createReadStream, open, read } from 'node:fs'
import { readFile } from 'node:fs/promises'
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
      const bytes = readFile(file.path)
      bytes.catch(one.unreadable)
      return bytes
    },
  }
}

/**
 * Some bytes of a file. What is read is counted where it is read: a stream for it in between would cost as much as all the rest.
 */
export function stream(
  path: string,
  start: number,
  size: number,
  { alive, unreadable }: Attempt,
  onBytes: (bytes: number) => void,
): NodeJS.ReadableStream & { destroy(): void } {
  const counted = ((fd, buffer, offset, length, position, done) =>
    read(fd, buffer, offset, length, position, (error, bytes, same) => {
      alive()
      onBytes(bytes)
      done(error, bytes, same)
    })) as typeof read
  const options = { start, end: start + size - 1, highWaterMark: 512 * 1024, fs: { open, read: counted, close } }
  return createReadStream(path, options).on('error', unreadable)
}
