import { type Html, html } from './html.ts'

/** The content security policy: no script, picture or frame from outside the disk, except pictures below `base`. */
function policy(base: string): string {
  const origin = base === '' ? '' : ` ${new URL(base).origin}`
  return [
    "default-src 'none'",
    `img-src 'self' file: data:${origin}`,
    `media-src 'self' file:${origin}`,
    "script-src 'self' file:",
    "style-src 'self' file:",
    "style-src-attr 'unsafe-inline'",
  ].join('; ')
}

/** A whole page. `depth` is how many folders lie between it and the output. */
export function page({
  title,
  depth,
  scripts = [],
  base = '',
  body,
}: {
  title: string
  depth: number
  /** Of `gallery/`, in their order. */
  scripts?: readonly string[]
  base?: string
  body: Html
}): string {
  const up = '../'.repeat(depth)
  const own = `${up}gallery/`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(base)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${own}photoswipe.css">
<link rel="stylesheet" href="${own}app.css">
${['photoswipe.js', 'app.js', ...scripts].map(
  (script) => html`<script defer src="${own}${script}"></script>
`,
)}</head>
<body>
${body}
</body>
</html>
`.html
}

/** The header of every page: the current position, and the two views. */
export function banner(name: string, depth: number, here: 'albums' | 'dates' | undefined): Html {
  const up = '../'.repeat(depth)
  const current = (which: 'albums' | 'dates') => (which === here ? html` aria-current="page"` : undefined)
  return html`<a class="skip" href="#main">To the pictures</a>
<header class="banner"><p class="account"><bdi>${name}</bdi></p>
<nav aria-label="Gallery"><a href="${up}index.html"${current('albums')}>Albums</a> <a href="${up}gallery/dates.html"${current('dates')}>By date</a></nav>
<form class="search" role="search" action="${up}index.html"><label>Search <input type="search" name="q" autocomplete="off" placeholder="captions, keywords, albums"></label></form></header>
`
}
