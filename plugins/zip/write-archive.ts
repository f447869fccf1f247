import { once } from 'node:events'
import { Readable } from 'node:stream'
import { ZipArchive } from 'archiver'
import { commentOf } from './archive.ts'

/** A picture on its way into an archive, or a sidecar of one. */
export interface NewEntry {
  readonly name: string
  readonly key: string
  /** Of a sidecar; see `ArchivedImage`. */
  readonly suffix?: string
  readonly date: Date
  /** Of the bytes of a picture that is new. */
  readonly sha256?: string
  /** Of a sidecar, all of it. */
  readonly text?: string
  bytes(): AsyncIterable<Uint8Array>
}

/**
 * The bytes of an archive of these pictures, in this order: the same for the same pictures, whatever the clock, the zone and the
 * platform. (Deflated ones are the same for the same version of Node.) ZIP64 where it is needed; one picture open at a time.
 */
export async function* writeArchive(
  entries: Iterable<NewEntry>,
  { deflate }: { deflate: boolean },
): AsyncGenerator<Uint8Array> {
  const archive = new ZipArchive({ store: !deflate, zlib: { level: 9 } })
  const fed = feed(archive, entries)
  // Whatever goes wrong destroys the archive, and the loop below throws it.
  fed.catch((error) => archive.destroy(error))
  yield* archive
  await fed
}

async function feed(archive: ZipArchive, entries: Iterable<NewEntry>): Promise<void> {
  for (const entry of entries) {
    const { name, date, bytes } = entry
    const source = Readable.from(bytes(), { objectMode: false })
    // archiver does not hear of a source that fails, and would wait for ever.
    source.on('error', (error) => archive.destroy(error))
    const written = once(archive, 'entry')
    archive.append(source, { name, date, mode: 0o644, comment: commentOf(entry) })
    await written
  }
  await archive.finalize()
}
