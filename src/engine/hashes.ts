import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

interface Hashes {
  /** Bytes. */
  size: number
  md5: string
  sha256: string
}

/** Size and hashes of a file, read in pieces. */
export async function hashesOf(path: string): Promise<Hashes> {
  const handle = await open(path, 'r')
  return hashesIn(handle.createReadStream({ highWaterMark: 1 << 20 }))
}

/** Size and hashes of bytes that come in pieces. */
export async function hashesIn(chunks: AsyncIterable<Uint8Array>): Promise<Hashes> {
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  let size = 0
  for await (const chunk of chunks) {
    md5.update(chunk)
    sha256.update(chunk)
    size += chunk.length
  }
  return { size, md5: md5.digest('hex'), sha256: sha256.digest('hex') }
}
