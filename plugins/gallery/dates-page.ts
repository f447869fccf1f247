import type { Account } from '../../src/exporter/index.ts'
import { html } from './html.ts'
import { banner, page } from './page.ts'

/** All pictures by date, the newest first: a grid that holds only what is on the screen, and a strip of years. */
export function datesPage(account: Account): string {
  const name = account.name || account.nickName
  return page({
    title: `By date · ${name}`,
    depth: 1,
    scripts: ['grid.js'],
    body: html`${banner(name, 1, 'dates')}<main id="main">
<h1>By date</h1>
<noscript><p>This page needs scripts. The albums do without: <a href="../index.html">Albums</a>.</p></noscript>
<nav class="years" aria-label="Years"></nav>
<ul id="timeline" class="timeline" aria-label="All pictures by date"></ul>
</main>`,
  })
}
