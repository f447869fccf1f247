import { type Account, type Album, type AlbumFacts, albumFacts, type ListedAlbum } from '../../src/exporter/index.ts'
import { type DeliveryRecord, type ImageRecord, imageRecord } from './records.ts'

type Cell = string | number | boolean | undefined

/** The values of an image's row, by column name. */
const ofImage: Record<string, (image: ImageRecord, album: Album, facts: AlbumFacts) => Cell> = {
  album: (_, album) => shownPath(album),
  albumKey: (_, { key }) => key,
  imageKey: ({ key }) => key,
  component: ({ component }) => component,
  position: ({ position }) => position,
  fileName: ({ fileName }) => fileName,
  name: ({ name }) => name,
  path: ({ deliveries }) => Object.values(deliveries)[0]?.path,
  state: ({ state }) => state,
  reason: ({ reason }) => reason,
  kind: ({ file }) => file?.kind,
  size: ({ file }) => file?.size,
  md5: ({ file }) => file?.md5,
  sha256: ({ file }) => file?.sha256,
  places: ({ deliveries }) => Object.entries(deliveries).map(place).join('; '),
  sidecars: ({ deliveries }) =>
    Object.values(deliveries)
      .flatMap(({ sidecars = [] }) => sidecars)
      .join('; '),
  isVideo: ({ isVideo }) => isVideo,
  format: ({ format }) => format,
  serial: ({ serial }) => serial,
  title: ({ title }) => title,
  caption: ({ caption }) => caption,
  keywords: ({ keywords }) => keywords.join('; '),
  hidden: ({ hidden }) => hidden,
  cover: ({ key, component }, _, { cover }) => component === '' && key === cover,
  privacy: (_, __, { privacy }) => privacy,
  security: (_, __, { security }) => security,
  capturedAt: ({ capturedAt }) => capturedAt,
  uploadedAt: ({ uploadedAt }) => uploadedAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  width: ({ width }) => width,
  height: ({ height }) => height,
  latitude: ({ latitude }) => latitude,
  longitude: ({ longitude }) => longitude,
  altitude: ({ altitude }) => altitude,
  webUri: ({ webUri }) => webUri,
  albumWebUri: (_, { webUri }) => webUri,
}

/** Of an album; `listed` and `failed` count its images. */
const ofAlbum: Record<string, (album: Album, facts: AlbumFacts, counts: { listed: number; failed: number }) => Cell> = {
  albumKey: ({ key }) => key,
  album: shownPath,
  directory: ({ directory }) => directory.join('/'),
  name: ({ name }) => name,
  description: (_, { description }) => description,
  keywords: (_, { keywords }) => keywords.join('; '),
  privacy: (_, { privacy }) => privacy,
  security: (_, { security }) => security,
  sortMethod: (_, { sort }) => sort?.method,
  sortDirection: (_, { sort }) => sort?.direction,
  position: (_, { position }) => position,
  createdAt: (_, { createdAt }) => createdAt,
  lastUpdated: ({ lastUpdated }) => lastUpdated,
  imagesLastUpdated: ({ imagesLastUpdated }) => imagesLastUpdated,
  announced: ({ imageCount }) => imageCount,
  listed: (_, __, { listed }) => listed,
  failed: (_, __, { failed }) => failed,
  cover: (_, { cover }) => cover,
  urlPath: ({ urlPath }) => urlPath,
  webUri: ({ webUri }) => webUri,
}

/**
 * A table of the images for spreadsheets, archives and asset managers (RFC 4180, UTF-8). It begins with a byte order mark, without which Excel takes
 * it for another encoding. Albums without images are in `albumsCsv` only.
 */
export async function* csv(_account: Account, listing: () => AsyncIterable<ListedAlbum>): AsyncGenerator<string> {
  yield `\uFEFF${row(Object.keys(ofImage))}`
  for await (const { album, images } of listing()) {
    const facts = albumFacts(album)
    for await (const listed of images()) {
      const image = imageRecord(listed)
      yield row(Object.values(ofImage).map((cell) => cell(image, album, facts)))
    }
  }
}

/** The albums as a table, those without images too. */
export async function* albumsCsv(_account: Account, listing: () => AsyncIterable<ListedAlbum>): AsyncGenerator<string> {
  yield `\uFEFF${row(Object.keys(ofAlbum))}`
  for await (const { album, images } of listing()) {
    const counts = { listed: 0, failed: 0 }
    for await (const { image, state } of images()) {
      if (image.component === '') counts.listed += 1
      if (state === 'failed') counts.failed += 1
    }
    const facts = albumFacts(album)
    yield row(Object.values(ofAlbum).map((cell) => cell(album, facts, counts)))
  }
}

function shownPath({ path, name }: Album): string {
  return [...path, name].join(' / ')
}

function place([exporter, { path, entry }]: [string, DeliveryRecord]): string {
  return `${exporter}: ${path}${typeof entry === 'string' ? ` (${entry})` : ''}`
}

function row(cells: readonly Cell[]): string {
  return `${cells.map((cell) => (typeof cell === 'string' ? quoted(inert(cell)) : String(cell ?? ''))).join(',')}\r\n`
}

/**
 * Escapes text so that no spreadsheet runs it as a formula: captions come from anyone who may upload, and `=HYPERLINK(…)` in a cell sends the
 * contents of other cells to its address. An apostrophe before what Excel, LibreOffice and Sheets take for a beginning makes it text
 * (owasp.org/www-community/attacks/CSV_Injection; the wide forms too, which East Asian versions of Excel understand). Text that begins with
 * an apostrophe gets another, so the first one can always be taken off again. Numbers are ours and stay numbers, negative ones too.
 * Programs that need the exact text should read json or ndjson.
 */
function inert(text: string): string {
  return /^[=+\-@\t\r\n'＝＋－＠]/.test(text) ? `'${text}` : text
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
