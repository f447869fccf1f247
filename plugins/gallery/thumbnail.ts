import { open } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Album,
  type Delivery,
  type ExporterContext,
  exifReach,
  exifThumbnail,
  type Image,
} from '../../src/exporter/index.ts'
import { pathKey } from './shown-album.ts'

type Needs = Pick<ExporterContext, 'output' | 'smallCopy' | 'deliveries' | 'inspect' | 'place' | 'writeFile'>

/**
 * A small picture for an image of an album: SmugMug's own small copy, else the one that the camera put into the file; without one, the page
 * shows a neutral tile. An existing one is kept as long as it belongs to this version of the image.
 */
export async function thumbnail(
  image: Image,
  album: Album,
  { size, before }: { size: 'S' | 'M'; before?: Delivery | undefined },
  context: Needs,
): Promise<Delivery | undefined> {
  const version = `${image.serial} ${size}`
  if (before?.version === version && (await context.inspect(before, 'quick')) === 'ok') return before
  const path = ['gallery', 't', pathKey(album.key), `${pathKey(image.key)}.jpg`]
  const copy = await context.smallCopy(image, album, size)
  if (copy !== undefined) return { ...(await context.place(copy, path)), version }
  for (const { delivery } of Object.values(await context.deliveries(image, album))) {
    const embedded = await embeddedIn(join(context.output, delivery.path))
    if (embedded !== undefined) return { ...(await context.writeFile(path, embedded)), version }
  }
  return undefined
}

async function embeddedIn(path: string): Promise<Uint8Array | undefined> {
  if (!/\.jpe?g$/i.test(path)) return undefined
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const head = Buffer.alloc(exifReach)
    const { bytesRead } = await file.read(head, 0, exifReach, 0)
    return exifThumbnail(head.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}
