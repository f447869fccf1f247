import { createHash } from 'node:crypto'
import { type ArchivedImage, type OpenArchive, openArchive } from './archive.ts'
import type { NewEntry } from './write-archive.ts'

/** Reads a written archive back: every entry must be there, in its place, whole. Throws what is wrong. */
export async function prove(path: string, entries: readonly NewEntry[]): Promise<void> {
  using archive = await openArchive(path)
  if (archive.images.length !== entries.length)
    throw new Error(`${archive.images.length} pictures are in the archive, ${entries.length} went in`)
  for (const [index, image] of archive.images.entries()) {
    const entry = entries[index]
    if (entry?.name !== image.name || entry.key !== image.key || (entry.suffix ?? '') !== image.suffix)
      throw new Error(`"${image.name}" is in the archive where "${entry?.name}" went in`)
    const sha256 = await hashOf(archive, image)
    if (entry.sha256 !== undefined && entry.sha256 !== sha256)
      throw new Error(`"${image.name}" has other bytes in the archive than went in`)
  }
}

/** Names of the pictures that cannot be read whole, or of which a sidecar cannot; none where not even the directory can. */
export async function unreadableIn(path: string): Promise<Set<string>> {
  const unreadable = new Set<string>()
  using archive = await openArchive(path).catch(() => undefined)
  for (const image of archive?.images ?? []) {
    const picture = archive?.images.find(({ key, suffix }) => key === image.key && suffix === '') ?? image
    if (archive !== undefined) await hashOf(archive, image).catch(() => unreadable.add(picture.name))
  }
  return unreadable
}

async function hashOf(archive: OpenArchive, image: ArchivedImage): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of archive.read(image)) hash.update(chunk)
  return hash.digest('hex')
}
