import { close, open, read } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
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

/** Bytes that are read at once. */
const pieceSize = 256 * 1024

/** Those that no stream is using. */
const idle: Buffer[][] = []

/**
 * Some bytes of a file, read into the same three pieces of memory in turn: new ones would be garbage of gigabytes. The next piece is asked for
 * when what came before the last one has left, as each is more than a connection takes before it has drained; if it had not, the store would
 * refuse the bytes by their hashes. What is read is counted where it is read: a stream for it in between would cost as much as all the rest.
 */
export function stream(
  path: string,
  start: number,
  size: number,
  { alive, unreadable }: Attempt,
  onBytes: (bytes: number) => void,
): Readable {
  const pieces = idle.pop() ?? Array.from({ length: 3 }, () => Buffer.allocUnsafeSlow(pieceSize))
  let turn = 0
  let at = start
  let file: number | undefined
  let isReading = false
  let afterReading = () => {}
  const body = new Readable({
    highWaterMark: pieceSize,
    construct(callback) {
      open(path, (error, opened) => {
        file = opened
        callback(error)
      })
    },
    read() {
      const piece = pieces[turn++ % pieces.length] as Buffer
      isReading = true
      read(file as number, piece, 0, Math.min(piece.length, start + size - at), at, (error, bytes) => {
        isReading = false
        afterReading()
        if (body.destroyed) return
        if (error !== null) return void body.destroy(error)
        alive()
        onBytes(bytes)
        at += bytes
        body.push(bytes === 0 ? null : piece.subarray(0, bytes))
        if (bytes > 0 && at === start + size) body.push(null)
      })
    },
    destroy(error, callback) {
      const end = () => {
        idle.push(pieces)
        if (file === undefined) callback(error)
        else close(file, () => callback(error))
      }
      if (isReading) afterReading = end
      else end()
    },
  })
  return body.on('error', unreadable)
}
