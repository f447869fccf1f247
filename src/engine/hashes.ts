import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

/** Size and hashes of a file, read in pieces. */
export async function hashesOf(path: string): Promise<{ size: number; md5: string; sha256: string }> {
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  let size = 0
  const handle = await open(path, 'r')
  for await (const chunk of handle.createReadStream({ highWaterMark: 1 << 20 })) {
    md5.update(chunk)
    sha256.update(chunk)
    size += chunk.length
  }
  return { size, md5: md5.digest('hex'), sha256: sha256.digest('hex') }
}
