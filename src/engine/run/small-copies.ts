import { createHash } from 'node:crypto'
import { SmugdlError } from '../../error.ts'
import type { Album, Image } from '../../exporter/types.ts'
import { type SmallSize, smallCopies } from '../../smugmug/api/small-copy.ts'
import { pictureAddress } from '../../smugmug/transport/origin.ts'
import { noRoomToGrow } from '../files/free-space.ts'
import { StagedFile } from '../files/staged-file.ts'
import { fetchToStaging } from './download.ts'
import type { Session } from './session.ts'

type Parts = Pick<
  Session,
  'smugmug' | 'staging' | 'staged' | 'downloads' | 'draining' | 'signal' | 'emit' | 'arrived' | 'smallCopies'
>

/**
 * SmugMug's own small copy of an image, in staging; undefined where there is none to be had. A picture never fails for it: what goes wrong
 * with it alone is reported as a detail. Costs a request to the photo host, and one more where the album was not listed in this run.
 */
export async function smallCopy(
  image: Image,
  album: Album,
  size: SmallSize,
  parts: Parts,
): Promise<StagedFile | undefined> {
  const { smugmug, staging, staged, emit } = parts
  const item = `${[...album.path, album.name].join('/')}/${image.name} (${size})`
  try {
    const copies = parts.smallCopies.get(album.key, image.key) ?? (await smallCopies(smugmug.api, image))
    const copy = copies[size]
    if (copy?.url === undefined) return undefined
    const source = {
      kind: 'rendition' as const,
      url: pictureAddress(copy.url, smugmug.api.own),
      ...(copy.size !== undefined && { size: copy.size }),
      ...(copy.md5 !== undefined && { md5: copy.md5 }),
    }
    // Of this album alone: the one of another is moved to its place while this one comes.
    const id = createHash('sha256')
      .update([album.key, image.key, image.serial, size].join('\n'))
      .digest('hex')
      .slice(0, 40)
    const facts = await fetchToStaging(
      { ...source, id, item },
      {
        ...parts,
        media: smugmug.media,
        noRoomToGrow: (have) => noRoomToGrow(staging.folder, have),
        onBytes: parts.arrived,
        onRetry: (reason, attempt, delayMs) => emit({ type: 'retry', item, reason, attempt, delayMs }),
      },
    )
    if (!facts.contentType.startsWith('image/')) return undefined
    const file = new StagedFile(staging.path(id), facts, {
      image: image.key,
      component: '',
      serial: image.serial,
      source,
    })
    file.movable = true
    staged.set(file.path, file)
    return file
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    emit({ type: 'detail', text: `No small copy of ${item}: ${error.message}` })
    return undefined
  }
}
