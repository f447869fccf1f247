import { keywordsOf, type ListedImage, plainText } from '../../src/exporter/index.ts'
import { addressOf, fileAddress } from './address.ts'
import type { Choice } from './choice.ts'
import { type Html, html, typed } from './html.ts'
import { pathKey } from './shown-album.ts'

/** A picture or video as a page shows it. */
export interface ShownImage {
  readonly key: string
  readonly isVideo: boolean
  readonly hidden: boolean
  /** Alternative text. */
  readonly label: string
  readonly title: string
  /** May hold HTML. */
  readonly caption: string
  readonly keywords: readonly string[]
  readonly fileName: string
  /** `2019-05-01T10:00:01`, the camera's clock. */
  readonly capturedAt: string | undefined
  /** Degrees north and east, as text. */
  readonly place: string | undefined
  readonly width: number
  readonly height: number
  /** Address of its file from an album's page; undefined if no exporter has it as a file. */
  readonly file: string | undefined
  /** Path of its small picture below the output. */
  readonly thumbnail: string | undefined
}

export function shownImage(
  { image, deliveries, returned }: ListedImage,
  { choice, base }: { choice: Choice; base: string },
): ShownImage {
  const { width, height } = image
  const known = width !== undefined && height !== undefined && width > 0 && height > 0
  return {
    key: image.key,
    isVideo: image.isVideo,
    hidden: image.hidden,
    label: image.title.trim() || plainText(image.caption).split('\n')[0]?.slice(0, 200) || image.fileName || image.name,
    title: image.title.trim(),
    caption: image.caption,
    keywords: keywordsOf(image, 'all'),
    fileName: image.fileName || image.name,
    capturedAt: image.capturedAt,
    place: choice.places ? placeText(image) : undefined,
    width: known ? width : 3,
    height: known ? height : 2,
    file: fileOf(image.name, deliveries, base),
    thumbnail: returned?.path,
  }
}

/** The first exporter that has it as a file of its own, and not as an entry of an archive. */
function fileOf(name: string, deliveries: ListedImage['deliveries'], base: string): string | undefined {
  const ending = name.slice(name.lastIndexOf('.')).toLowerCase()
  for (const [exporter, { delivery }] of Object.entries(deliveries)) {
    if (exporter !== 'gallery' && delivery.path.toLowerCase().endsWith(ending)) return fileAddress(delivery.path, base)
  }
  return undefined
}

function placeText({ latitude, longitude }: ListedImage['image']): string | undefined {
  if (latitude === undefined || longitude === undefined) return undefined
  const side = (value: number, positive: string, negative: string) =>
    `${Math.abs(value).toFixed(5)}° ${value < 0 ? negative : positive}`
  return `${side(latitude, 'N', 'S')}, ${side(longitude, 'E', 'W')}`
}

/** One picture of an album's page: what is known of it is in the page, so that it is found, read and printed without a script. */
export function picture(image: ShownImage): Html {
  const ratio = Math.min(3, Math.max(0.45, image.width / image.height)).toFixed(3)
  const small =
    image.thumbnail === undefined
      ? html`<span class="tile"><bdi>${image.fileName}</bdi></span>`
      : html`<img loading="lazy" src="../../${addressOf(image.thumbnail)}" alt="${image.label}">`
  const inside = html`${small}${image.isVideo ? html`<span class="play" aria-label="Video">▶</span>` : undefined}${image.hidden ? html`<span class="mark">hidden</span>` : undefined}`
  return html`<li id="i-${pathKey(image.key)}" style="--r:${ratio}"><a${image.file === undefined ? undefined : html` href="${image.file}"`} data-w="${image.width}" data-h="${image.height}"${image.isVideo ? html` data-video` : undefined}>${inside}</a>${facts(image)}</li>
`
}

/** Title, caption, keywords, date, place and file: shown in the viewer, under the picture that is addressed, and on paper. */
function facts({ title, caption, keywords, capturedAt, place, fileName, file }: ShownImage): Html {
  return html`<div class="facts">${title === '' ? undefined : html`<p class="title" dir="auto">${title}</p>`}${caption === '' ? undefined : html`<div class="caption" dir="auto">${typed(caption)}</div>`}${keywords.length === 0 ? undefined : html`<p class="keywords">${keywords.map((keyword, index) => html`${index === 0 ? '' : ', '}<bdi>${keyword}</bdi>`)}</p>`}<p class="where">${capturedAt === undefined ? undefined : html`<time datetime="${capturedAt}">${capturedAt.replace('T', ' ').slice(0, 16)}</time> · `}${place === undefined ? undefined : html`<span class="place">${place}</span> · `}${file === undefined ? html`<bdi>${fileName}</bdi> (no file here)` : html`<a href="${file}"><bdi>${fileName}</bdi></a>`}</p></div>`
}
