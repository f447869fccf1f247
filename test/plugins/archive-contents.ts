import { createHash } from 'node:crypto'
import { openArchive } from '../../plugins/zip/archive.ts'

/** Names of the pictures in an archive with the MD5 of what is under them, in the archive's order; their sidecars are left out. */
export async function archiveContents(path: string): Promise<[name: string, md5: string][]> {
  using archive = await openArchive(path)
  const found: [string, string][] = []
  for (const image of archive.images) {
    if (image.suffix !== '') continue
    const hash = createHash('md5')
    for await (const chunk of archive.read(image)) hash.update(chunk)
    found.push([image.name, hash.digest('hex')])
  }
  return found
}
