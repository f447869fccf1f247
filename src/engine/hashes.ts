import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

interface Hashes {
  /** Bytes. */
  size: number
  md5: string
  sha256: string
}

/** Size and hashes of a file, read in pieces. Aborting `signal` leaves it in the middle. */
export async function hashesOf(path: string, signal?: AbortSignal): Promise<Hashes> {
  const handle = await open(path, 'r')
  return hashesIn(handle.createReadStream({ highWaterMark: 1 << 20 }), signal)
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
