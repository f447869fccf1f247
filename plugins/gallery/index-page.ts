import type { Account } from '../../src/exporter/index.ts'
import { addressOf } from './address.ts'
import { mark } from './album-pages.ts'
import { type Html, html, typed } from './html.ts'
import { banner, page } from './page.ts'
import { countText, pagePath, type ShownAlbum } from './shown-album.ts'

/** The account: its folders with their albums, and the place for search results. */
export function indexPage(account: Account, albums: readonly ShownAlbum[]): string {
  const name = account.name || account.nickName
  const total = albums.reduce(
    (sum, { images, videos }) => ({ images: sum.images + images, videos: sum.videos + videos }),
    { images: 0, videos: 0 },
  )
  return page({
    title: name,
    depth: 0,
    body: html`${banner(name, 0, 'albums')}<main id="main">
<section id="found" hidden aria-live="polite"></section>
<div id="albums">
<h1><bdi>${name}</bdi></h1>
<p class="count">${albums.length.toLocaleString('en')} ${albums.length === 1 ? 'album' : 'albums'}, ${countText(total)}</p>
${sections(albums)}</div></main>`,
  })
}

/** A heading for each folder that holds albums, in the order of their names at home. */
function sections(albums: readonly ShownAlbum[]): Html[] {
  const byFolder = Map.groupBy(albums, ({ album }) => album.directory.slice(0, -1).join('/'))
  return [...byFolder.values()].map((within) => {
    const path = within[0]?.album.path ?? []
    const heading =
      path.length === 0
        ? undefined
        : html`<h2>${path.map((name, depth) => html`${depth === 0 ? '' : ' › '}<bdi>${name}</bdi>`)}</h2>`
    const about = within[0]?.album.folders.at(-1)?.raw.Description
    return html`<section>${heading}${typeof about === 'string' && about !== '' ? html`<div class="description" dir="auto">${typed(about)}</div>` : undefined}
<ul class="albums">
${within.map(card)}</ul></section>
`
  })
}

function card({ album, privacy, description, images, videos, thumbnail }: ShownAlbum): Html {
  const cover =
    thumbnail === undefined
      ? html`<span class="tile"></span>`
      : html`<img loading="lazy" src="${addressOf(thumbnail)}" alt="">`
  return html`<li><a href="${addressOf(pagePath(album))}">${cover}<span class="name"><bdi>${album.name}</bdi></span></a>${mark(privacy)} <span class="count">${countText({ images, videos })}</span>${description === '' ? undefined : html`<div class="description" dir="auto">${typed(description)}</div>`}</li>
`
}
