import type { ListedImage } from '../../src/exporter/index.ts'
import { addressOf } from './address.ts'
import { type Choice, isShown } from './choice.ts'
import type { Columns } from './columns.ts'
import { type Html, html, typed } from './html.ts'
import { banner, page } from './page.ts'
import { picture, type ShownImage, shownImage } from './picture.ts'
import { countText, pagePath, pageSize, type ShownAlbum } from './shown-album.ts'

/** A page that is ready to be written. */
export interface AlbumPage {
  readonly path: string
  readonly html: string
}

/** The pages of an album, `pageSize` pictures each, one at a time in memory; at least one. Counts what it shows into `shown` and `columns`. */
export async function* albumPages(
  shown: ShownAlbum,
  images: AsyncIterable<ListedImage>,
  { account, choice, base, columns }: { account: string; choice: Choice; base: string; columns: Columns },
): AsyncGenerator<AlbumPage> {
  let waiting: ShownImage[] = []
  let first = 0
  const flush = (isLast: boolean) => {
    const written = albumPage(shown, waiting, { first, isLast, account, base })
    first += waiting.length
    waiting = []
    return written
  }
  for await (const listed of images) {
    if (!isShown(listed.image, choice)) continue
    if (waiting.length === pageSize) yield flush(false)
    const image = shownImage(listed, { choice, base })
    waiting.push(image)
    columns.add(image, shown)
    shown.images += 1
    if (image.isVideo) shown.videos += 1
    if (image.thumbnail !== undefined && (shown.thumbnail === undefined || image.key === shown.cover))
      shown.thumbnail = image.thumbnail
  }
  yield flush(true)
}

function albumPage(
  { album, privacy, description, images, videos }: ShownAlbum,
  shown: readonly ShownImage[],
  { first, isLast, account, base }: { first: number; isLast: boolean; account: string; base: string },
): AlbumPage {
  const pages = pageLinks(first, shown.length, isLast, (position) =>
    pagePath(album, position).replace('gallery/a/', ''),
  )
  const total = isLast && first === 0 ? html`<p class="count">${countText({ images, videos })}</p>` : undefined
  return {
    path: pagePath(album, first),
    html: page({
      title: `${album.name} · ${account}`,
      depth: 2,
      base,
      body: html`${banner(account, 2, undefined)}<main id="main">
<p class="trail">${[...album.path].map((name) => html`<bdi>${name}</bdi> › `)}</p>
<h1><bdi>${album.name}</bdi>${mark(privacy)}</h1>
${description === '' ? undefined : html`<div class="description" dir="auto">${typed(description)}</div>`}
${total}${pages}
<ul class="grid">
${shown.map(picture)}</ul>
${pages}</main>`,
    }),
  }
}

/** The album's restricted visibility. */
export function mark(privacy: ShownAlbum['privacy']): Html | undefined {
  return privacy === undefined ? undefined : html` <span class="mark">${privacy}</span>`
}

function pageLinks(
  first: number,
  count: number,
  isLast: boolean,
  address: (position: number) => string,
): Html | undefined {
  if (first === 0 && isLast) return undefined
  const link = (position: number, label: string, rel: string) =>
    html`<a rel="${rel}" href="${addressOf(address(position))}">${label}</a> `
  return html`<nav class="pages" aria-label="Pages">${first > 0 ? link(first - pageSize, 'Previous', 'prev') : undefined}<span>${(first + 1).toLocaleString('en')}–${(first + count).toLocaleString('en')}</span> ${isLast ? undefined : link(first + pageSize, 'Next', 'next')}</nav>`
}
