import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { hashThreads } from './hash-threads.ts'

export interface Hashes {
  /** Bytes. */
  size: number
  md5: string
  sha256: string
}

/** Bytes of a file of which nothing is known. */
const usual = 1024 * 1024

/** Size and hashes of a file, read in pieces. Aborting `signal` leaves it in the middle; `size` is what is known of it, in bytes. */
export async function hashesOf(
  path: string,
  { size = usual, signal }: { size?: number; signal?: AbortSignal } = {},
): Promise<Hashes> {
  const hashes = await hashThreads()?.hash({ path, size, md5: true })
  if (hashes !== undefined) return hashes
  const file = await open(path, 'r')
  try {
    return await hashesIn(chunksOf(file), signal)
  } finally {
    await file.close()
  }
}

/** SHA-256 of a file, read in pieces; `size` is what is known of it, in bytes. */
export async function hashOf(path: string, size = usual): Promise<string> {
  const hashes = await hashThreads()?.hash({ path, size, md5: false })
  if (hashes !== undefined) return hashes.sha256
  const file = await open(path, 'r')
  try {
    const hash = createHash('sha256')
    for await (const chunk of chunksOf(file)) hash.update(chunk)
    return hash.digest('hex')
  } finally {
    await file.close()
  }
}

/** The same buffer each time: a stream would cost a small file a millisecond. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  const { size } = await file.stat()
  const buffer = Buffer.allocUnsafe(Math.min(size + 1, 1 << 20))
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

/** Size and hashes of bytes that come in pieces. Aborting `signal` leaves them in the middle. */
export async function hashesIn(chunks: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Hashes> {
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  let size = 0
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    md5.update(chunk)
    sha256.update(chunk)
    size += chunk.length
  }
  return { size, md5: md5.digest('hex'), sha256: sha256.digest('hex') }
}
