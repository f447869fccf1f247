import { plainText } from '../../src/exporter/index.ts'
import type { ShownImage } from './picture.ts'
import { pageSize, pathKey, type ShownAlbum } from './shown-album.ts'

/**
 * All pictures as columns, which a browser reads in a tenth of the time of records: keys joined by line breaks, numbers as base64 of little-endian
 * arrays. Some 20 bytes a picture in `grid.js`, 50 in `search.js`; both are classic scripts that call one function, because a page from
 * the disk can load nothing else.
 */
export class Columns {
  readonly #keys: string[] = []
  readonly #albums: number[] = []
  readonly #pages: number[] = []
  /** Width by height, in thousandths. */
  readonly #ratios: number[] = []
  /** Minutes since 1970 of the camera's clock; `unknown` if there is none. */
  readonly #minutes: number[] = []
  readonly #thumbnails: string[] = []
  readonly #texts: string[] = []

  get count(): number {
    return this.#keys.length
  }

  add(image: ShownImage, { album, index, images }: ShownAlbum): void {
    this.#keys.push(pathKey(image.key))
    this.#albums.push(index)
    this.#pages.push(Math.floor(images / pageSize) + 1)
    this.#ratios.push(Math.round(1000 * Math.min(3, Math.max(0.45, image.width / image.height))))
    const time = Date.parse(`${(image.capturedAt ?? '').slice(0, 19)}Z`)
    this.#minutes.push(Number.isNaN(time) ? unknown : Math.floor(time / 60_000))
    this.#thumbnails.push(thumbnailOf(image, album.key))
    this.#texts.push(
      searchText([image.title, plainText(image.caption), image.keywords.join(' '), image.fileName, album.name]),
    )
  }

  /** The newest first, the undated at the end, those of one minute in the order of their albums. */
  grid(albums: readonly ShownAlbum[]): string {
    const order = this.#byDate()
    const numbers = <T extends Int32Array | Uint32Array | Uint16Array>(array: T, column: readonly number[]): string => {
      for (const [place, index] of order.entries()) array[place] = column[index] ?? 0
      return Buffer.from(array.buffer).toString('base64')
    }
    return call('grid', {
      keys: order.map((index) => this.#keys[index]).join('\n'),
      thumbs: order.map((index) => this.#thumbnails[index]).join('\n'),
      album: numbers(new Uint32Array(order.length), this.#albums),
      page: numbers(new Uint16Array(order.length), this.#pages),
      ratio: numbers(new Uint16Array(order.length), this.#ratios),
      minute: numbers(new Int32Array(order.length), this.#minutes),
      albums: albums.map(({ album }) => [pathKey(album.key), [...album.path, album.name].join(' › ')]),
    })
  }

  /** A line a picture, in the order of `grid`: lower case, without accents. */
  search(): string {
    return call(
      'texts',
      this.#byDate()
        .map((index) => this.#texts[index])
        .join('\n'),
    )
  }

  #byDate(): number[] {
    return Array.from(this.#keys, (_, index) => index).sort(
      (a, b) => (this.#minutes[b] ?? unknown) - (this.#minutes[a] ?? unknown) || a - b,
    )
  }
}

/** Before every date: an Int32 of minutes reaches back to the year -2113. */
const unknown = -0x8000_0000

/** Empty if there is none; `.` if it is in the default place. */
function thumbnailOf({ thumbnail, key }: ShownImage, album: string): string {
  if (thumbnail === undefined) return ''
  return thumbnail === `gallery/t/${pathKey(album)}/${pathKey(key)}.jpg` ? '.' : thumbnail
}

/** Normalized like the page's search input. */
function searchText(texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .join(' ')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/\s+/g, ' ')
}

/** A classic script that passes `value` to the page; nothing in it ends the script or is a line break to an old parser. */
function call(name: string, value: unknown): string {
  const json = JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
  return `smugdlGallery.${name}(${json})\n`
}
