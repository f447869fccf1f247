import { SmugdlError } from '../../error.ts'
import { type Api, type Envelope, recordsOf } from '../api.ts'
import { pictureAddress } from '../transport/origin.ts'
import { count, type Fields, md5, readRecord, someText } from './fields.ts'
import type { Image } from './image.ts'
import { withoutSecrets } from './without-secrets.ts'

/**
 * A file that SmugMug Source keeps with an image: the RAW file that it was made from, or another program's sidecar. No answer of the service
 * was ever captured: all of this comes from what SmugMug's support told another project (smugmug-api 4.9), so every field but the address is optional.
 */
export interface Component {
  /** The name as uploaded; empty if SmugMug does not say. */
  readonly fileName: string
  /** Lower case, without a dot; empty if unknown. */
  readonly ext: string
  readonly url: string
  /** Bytes. */
  readonly size: number | undefined
  readonly md5: string | undefined
  /** SmugMug's record, less its address. */
  readonly raw: ReturnType<typeof withoutSecrets>
}

/**
 * Whether SmugMug keeps more of an image than the file that it shows: `told`, by `ComponentFileTypes`; `guessed`, because it was uploaded under the name
 * of a RAW file and is stored as a JPEG; or `no`, which costs no request.
 */
export function companionsOf({
  componentFileTypes,
  fileName,
  format,
}: Pick<Image, 'componentFileTypes' | 'fileName' | 'format'>): 'told' | 'guessed' | 'no' {
  const types = typeof componentFileTypes === 'object' && componentFileTypes !== null ? componentFileTypes : {}
  const isTold = Object.entries(types).some(([kind, extensions]) => {
    const all: unknown[] = Array.isArray(extensions) ? extensions : [extensions]
    return !['Image', 'Video'].includes(kind) || all.some((extension) => !SHOWN.test(String(extension)))
  })
  if (isTold) return 'told'
  return RAW.test(fileName) && format.toUpperCase() === 'JPG' ? 'guessed' : 'no'
}

/** Kinds of files that SmugMug shows; any other kind was uploaded with the picture. */
const SHOWN = /^(jpe?g|png|gif|mp4|mov|heic)$/i

/** Extensions that no JPEG should have. */
export const RAW = /\.(cr2|cr3|nef|arw|dng|orf|raf|rw2|pef|srw|x3f|iiq|3fr|psd|tiff?)$/i

/**
 * The files that SmugMug keeps with an image, except the image itself and previews of it. Throws `HttpError` if SmugMug refuses them, and
 * `item` with the names of the fields received if nothing in the answer is a file.
 */
export async function componentsOf(api: Api, image: Image): Promise<Component[]> {
  const uri = image.uris.components ?? `/api/v2/library/asset/${encodeURIComponent(image.key)}!components`
  const answer = await api.get(uri, { _verbosity: '1', count: '100' })
  const records = listIn(answer)
  const components = records.map((record) => componentOf(record, api))
  const unknown = components.indexOf(undefined)
  if (unknown !== -1) throw unknownShape(answer, records[unknown])
  return components.filter((component) => component !== undefined).filter((each) => !isShown(each, image))
}

/** Reads the records under the name that the answer gives or a likely alternative; empty if it gives no name and has no records. */
function listIn({ payload, response }: Envelope): unknown[] {
  const names = [response.get('Locator'), 'Component', 'Components', 'AssetComponent']
  const named = names.find((name) => typeof name === 'string' && response.has(name))
  return recordsOf({ payload: typeof named === 'string' ? response.get(named) : payload })
}

const ComponentRecord = {
  ComponentType: someText,
  DownloadUrl: someText,
  Extension: someText,
  FileName: someText,
  FileSize: count,
  MD5: md5,
} satisfies Fields

/** Undefined for a record without an address. */
function componentOf(record: unknown, api: Api): Component | undefined {
  const isRecord = typeof record === 'object' && record !== null && !Array.isArray(record)
  const read = isRecord ? readRecord(ComponentRecord, record, 'components') : undefined
  if (read?.DownloadUrl === undefined) return undefined
  const fileName = read.FileName ?? ''
  const ending = read.Extension ?? /\.([a-z0-9]{1,15})$/i.exec(fileName)?.[1] ?? ''
  return {
    fileName,
    ext: ending.replace(/^\./, '').toLowerCase(),
    url: ownAddress(read.DownloadUrl, api),
    size: read.FileSize,
    md5: read.MD5,
    raw: withoutSecrets(record),
  }
}

/** The image's own file, or the JPEG that SmugMug made of a RAW file. Everything else is downloaded. */
function isShown({ md5, ext, raw }: Component, { archived, isVideo }: Image): boolean {
  if (md5 !== undefined && md5 === archived?.md5) return true
  return !isVideo && /^jpe?g$/.test(ext) && String(raw.ComponentType ?? '').toLowerCase() !== 'svi'
}

/** Signed requests go there, so it must be SmugMug's own. */
function ownAddress(address: string, api: Api): string {
  const url = new URL(pictureAddress(address, api.own))
  if (api.own.includes(url.origin) || url.hostname === 'smugmug.com' || url.hostname.endsWith('.smugmug.com'))
    return url.href
  throw new SmugdlError('item', {
    what: 'SmugMug gives an address of its RAW file that is not its own',
    item: url.hostname,
    next: REPORT,
  })
}

/** Names of fields without their values, so that they are safe to show. */
function unknownShape({ address, response }: Envelope, record: unknown): SmugdlError {
  const isRecord = typeof record === 'object' && record !== null
  const names = Object.keys(isRecord ? record : Object.fromEntries(response)).filter((name) => /^\w{1,40}$/.test(name))
  return new SmugdlError('item', {
    what: `SmugMug describes its RAW file in a way that smugdl does not understand (fields: ${names.slice(0, 20).join(', ') || 'none'})`,
    item: address,
    next: REPORT,
  })
}

const REPORT = 'Please report this sentence: nobody has seen such an answer yet'
