import type { Account, Album, ListedAlbum } from '../../src/exporter/index.ts'
import { type DeliveryRecord, type ImageRecord, imageRecord } from './records.ts'

type Cell = string | number | boolean | undefined

/** What a row holds, by the name of its column. */
const columns: Record<string, (image: ImageRecord, album: Album) => Cell> = {
  album: (_, { path, name }) => [...path, name].join(' / '),
  albumKey: (_, { key }) => key,
  imageKey: ({ key }) => key,
  position: ({ position }) => position,
  fileName: ({ fileName }) => fileName,
  name: ({ name }) => name,
  state: ({ state }) => state,
  reason: ({ reason }) => reason,
  kind: ({ file }) => file?.kind,
  size: ({ file }) => file?.size,
  md5: ({ file }) => file?.md5,
  sha256: ({ file }) => file?.sha256,
  places: ({ deliveries }) => Object.entries(deliveries).map(place).join('; '),
  isVideo: ({ isVideo }) => isVideo,
  format: ({ format }) => format,
  title: ({ title }) => title,
  caption: ({ caption }) => caption,
  keywords: ({ keywords }) => keywords.join('; '),
  hidden: ({ hidden }) => hidden,
  capturedAt: ({ capturedAt }) => capturedAt,
  uploadedAt: ({ uploadedAt }) => uploadedAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  width: ({ width }) => width,
  height: ({ height }) => height,
  latitude: ({ latitude }) => latitude,
  longitude: ({ longitude }) => longitude,
  altitude: ({ altitude }) => altitude,
  webUri: ({ webUri }) => webUri,
}

/**
 * A table of the images for spreadsheets (RFC 4180, UTF-8). It begins with a byte order mark, without which Excel takes it for another
 * encoding. Albums without images are not in it.
 */
export async function* csv(_account: Account, listing: () => AsyncIterable<ListedAlbum>): AsyncGenerator<string> {
  yield `\uFEFF${row(Object.keys(columns))}`
  for await (const { album, images } of listing()) {
    for await (const listed of images()) {
      const image = imageRecord(listed)
      yield row(Object.values(columns).map((cell) => cell(image, album)))
    }
  }
}

function place([exporter, { path, entry }]: [string, DeliveryRecord]): string {
  return `${exporter}: ${path}${typeof entry === 'string' ? ` (${entry})` : ''}`
}

function row(cells: readonly Cell[]): string {
  return `${cells.map((cell) => (typeof cell === 'string' ? quoted(inert(cell)) : String(cell ?? ''))).join(',')}\r\n`
}

/**
 * Text that no spreadsheet runs as a formula: a caption is written by whoever may upload, and `=HYPERLINK(…)` in a cell sends what is in
 * the others to the address in it. An apostrophe before what Excel, LibreOffice and Sheets take for a beginning makes it text
 * (owasp.org/www-community/attacks/CSV_Injection; the wide forms too, which East Asian versions of Excel understand). Text that begins with
 * an apostrophe gets another, so the first one can always be taken off again. Numbers are ours and stay numbers, negative ones too.
 * Who needs the exact text reads json or ndjson.
 */
function inert(text: string): string {
  return /^[=+\-@\t\r\n'＝＋－＠]/.test(text) ? `'${text}` : text
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
