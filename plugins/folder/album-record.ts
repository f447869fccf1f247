import { posix } from 'node:path'
import {
  type Album,
  albumFacts,
  coverOf,
  type ListedAlbum,
  noDigest,
  plainText,
  type RawRecord,
} from '../../src/exporter/index.ts'

/** The content of `album.json` and `folder.json`; `raw`, SmugMug's own record, comes last. */
export type Described = Readonly<Record<string, unknown>> & { readonly raw: RawRecord }

/** Raised when a program that reads these files would have to change; new fields do not raise it. */
const version = 1

/** An album, with its pictures in its own order. */
export async function albumRecord({ album, images }: ListedAlbum): Promise<Described> {
  const { key, nodeId, name, path, urlPath, webUri, raw } = album
  const { cover, ...facts } = albumFacts(album)
  const pictures: { key: string; file: string; position: number; raw?: string[] }[] = []
  for await (const { image, deliveries } of images()) {
    const at = deliveries.folder?.delivery.path
    const file = at === undefined ? image.name : posix.basename(at)
    const last = pictures.at(-1)
    // What is kept with a picture comes after it.
    if (image.component !== '' && last?.key === image.key) last.raw = [...(last.raw ?? []), file]
    else if (image.component === '') pictures.push({ key: image.key, file, position: image.position })
  }
  const shown = pictures.find((picture) => picture.key === cover)
  return {
    format: 'smugdl-album',
    version,
    digest: noDigest,
    key,
    nodeId,
    name,
    path,
    urlPath,
    webUri,
    ...facts,
    ...(cover !== undefined && { cover: { key: cover, file: shown?.file } }),
    images: pictures,
    raw,
  }
}

/** The folder around an album that is this far from the root, 0 for the outermost. */
export function folderRecord(album: Album, depth: number): Described {
  const folder = album.folders[depth]
  if (folder === undefined) throw new RangeError('the album has fewer folders around it')
  const { id, name, urlName, raw } = folder
  const text = (field: string) => (typeof raw[field] === 'string' && raw[field] !== '' ? raw[field] : undefined)
  const description = text('Description') ?? ''
  const plain = plainText(description)
  const cover = coverOf(raw)
  return {
    format: 'smugdl-folder',
    version,
    digest: noDigest,
    id,
    name,
    path: album.path.slice(0, depth),
    urlName,
    webUri: text('WebUri'),
    description: plain,
    ...(plain !== description && { descriptionHtml: description }),
    keywords: raw.Keywords,
    privacy: text('Privacy'),
    effectivePrivacy: text('EffectivePrivacy'),
    security: text('EffectiveSecurityType'),
    sort: { method: text('SortMethod'), direction: text('SortDirection') },
    position: typeof raw.SortIndex === 'number' ? raw.SortIndex : undefined,
    ...(cover !== undefined && { cover: { key: cover } }),
    raw,
  }
}
