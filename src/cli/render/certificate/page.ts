import { bytes, count, counted, dateOf, pictures } from '../../../app/text/quantities.ts'
import type { AlbumCertificate, Certificate, Finding, FolderCertificate } from '../../../engine/check/certificate.ts'
import type { Sums } from '../../../engine/check/sums.ts'
import { isOpen } from '../../../engine/check/verdict.ts'
import { Html, html } from '../html.ts'
import { style } from './style.ts'
import { headline, notCovered, remedies, restOf, sentences, shortly, verdictOf } from './words.ts'

/**
 * The certificate as a page to keep or to print: one file that loads nothing and runs nothing, for a screen, a phone and A4, in light and
 * dark. All names in it are text.
 */
export function certificatePage(certificate: Certificate): string {
  const { account, complete } = certificate
  const who = account.name === '' ? account.nickName : account.name
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${headline(certificate)} · ${who}</title>
<style>${new Html(style)}</style>
</head>
<body class="${complete ? 'complete' : 'open'}">
<main>
${verdict(certificate)}
${facts(certificate)}
<section>
<h2>What this says</h2>
${sentences(certificate).map((sentence) => html`<p>${sentence}</p>\n`)}</section>
${beyond(certificate)}
${findings(certificate)}
${folders(certificate)}
<footer>
<p>Made by smugdl ${certificate.version}. It read each list of the account to its end, took each picture and video that SmugMug lists, and compared
what SmugMug says of its bytes with what was brought home and is there. Nothing was changed.</p>
</footer>
</main>
</body>
</html>
`
  return page.text
}

function verdict(certificate: Certificate): Html {
  const mark = certificate.complete ? 'M14 25 21 32 34 17' : 'M24 13v14M24 34v.01'
  const rest = restOf(certificate)
  return html`<header>
<svg viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="22"/><path d="${mark}"/></svg>
<div>
<p class="what">Certificate</p>
<h1>${verdictOf(certificate)}</h1>
<p class="rest">pictures and videos that SmugMug lists are at home${rest.length === 0 ? '' : `; ${rest.join(', ')}`}</p>
</div>
</header>`
}

function facts({ account, home, startedAt, total }: Certificate): Html {
  const { name, nickName } = account
  const rows: [string, string | Html][] = [
    ['Account', name === '' ? nickName : html`<bdi>${name}</bdi> (${nickName})`],
    ['Compared', html`<time datetime="${new Date(startedAt).toISOString()}">${momentOf(startedAt)}</time>`],
    ['Home', html`<bdi>${home}</bdi>`],
    [
      'At home',
      `${pictures(total.same - total.rawSame)}${total.raw === 0 ? '' : `, ${counted(total.rawSame, 'RAW file')}`}, ${bytes(total.bytes)}`,
    ],
  ]
  return html`<dl>
${rows.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>\n`)}</dl>`
}

/** In words and with its zone: a page outlives the place where it was made. */
function momentOf(atMs: number): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(atMs)
}

const kinds: readonly [Finding['kind'], title: string][] = [
  ['missing', 'Missing from home'],
  ['different', 'Different at home'],
  ['made', 'Only made by an exporter'],
  ['unreadable', 'Unreadable at home'],
  ['unproven', 'Kept where nobody can look'],
  ['unlisted', 'Could not be checked'],
  ['accepted', 'Left out on purpose'],
  ['waived', 'Unchecked on purpose'],
  ['gone', 'At home, no longer on SmugMug'],
]

function beyond(certificate: Certificate): Html {
  const { said, conversions, more } = notCovered(certificate)
  return html`<section class="findings calm">
<h2>What this does not cover</h2>
${said.map((sentence) => html`<p>${sentence}</p>\n`)}${conversions.length > 0 ? itemList(conversions) : ''}${more > 0 ? html`<p>… and ${count(more)} more.</p>\n` : ''}</section>`
}

function findings({ findings, total }: Certificate): Html[] {
  return kinds.flatMap(([kind, title]) => {
    const found = findings.filter((finding) => finding.kind === kind)
    if (found.length === 0) return []
    const more = total[kind] - found.length
    const byReason = [...Map.groupBy(found, ({ reason = '' }) => reason)]
    return html`<section class="findings ${isOpen[kind] ? 'open' : 'calm'}">
<h2>${title} <span>${count(total[kind])}</span></h2>
${remedies[kind] === undefined ? '' : html`<p>${remedies[kind]}</p>\n`}${byReason.map(([reason, items]) => reasonOf(reason, items))}${more > 0 ? html`<p>… and ${count(more)} more: “smugdl check --combined FILE” names all.</p>\n` : ''}</section>`
  })
}

function reasonOf(reason: string, items: readonly Finding[]): Html {
  const list = itemList(items.map(({ item }) => item))
  return reason === '' ? list : html`<h3>${reason}</h3>\n${list}`
}

function itemList(items: readonly string[]): Html {
  return html`<ul>
${items.map((item) => html`<li><bdi>${item}</bdi></li>\n`)}</ul>
`
}

function folders({ top, total }: Certificate): Html {
  return html`<section>
<h2>Folder by folder</h2>
<table>
<thead><tr><th scope="col">Folder and album</th>${columns.map(([name]) => html`<th scope="col">${name}</th>`)}<th scope="col"></th></tr></thead>
<tbody>
${top.albums.map((album) => albumRow(album, 0))}${top.folders.map((folder) => folderRows(folder, 0))}</tbody>
<tfoot>
${row('In all', total, { kind: 'total', depth: 0, announced: total.announced, gone: false })}</tfoot>
</table>
</section>`
}

function folderRows(folder: FolderCertificate, depth: number): Html[] {
  const { name, sums, albums, folders } = folder
  return [
    row(name, sums, { kind: 'folder', depth, announced: sums.announced, gone: sums.albums === 0 }),
    ...folders.flatMap((inner) => folderRows(inner, depth + 1)),
    ...albums.map((album) => albumRow(album, depth + 1)),
  ]
}

function albumRow({ name, sums, announced, gone }: AlbumCertificate, depth: number): Html {
  return row(name, sums, { kind: 'album', depth, announced, gone })
}

interface Cells {
  announced: number | undefined
  sums: Sums
}

/** Of the times at which the images of a row were last read whole the oldest. */
const columns: readonly [name: string, cell: (cells: Cells) => string][] = [
  ['Announced', ({ announced }) => (announced === undefined ? '–' : count(announced))],
  ['Listed', ({ sums }) => count(sums.listed - sums.raw)],
  ['At home', ({ sums }) => count(sums.same - sums.rawSame)],
  ['Verified', ({ sums }) => (sums.verified === undefined ? '–' : dateOf(sums.verified.from))],
]

function row(
  name: string,
  sums: Sums,
  { kind, depth, announced, gone }: { kind: string; depth: number; announced: number | undefined; gone: boolean },
): Html {
  const cells = columns.map(
    ([label, cell]) => html`<td data-label="${label.toLowerCase()}">${cell({ announced, sums })}</td>`,
  )
  const names = [
    kind,
    ...(gone ? ['gone'] : []),
    ...(announced === sums.listed - sums.raw ? ['as-announced'] : []),
  ].join(' ')
  return html`<tr class="${names}" style="--depth:${depth}"><th scope="row"><bdi>${name}</bdi></th>${cells}${state(sums, gone)}</tr>
`
}

/** What is wrong with a row, else what is to be known of it, else a mark that all is well. */
function state(sums: Sums, gone: boolean): Html {
  const present = kinds.map(([kind]) => kind).filter((kind) => sums[kind] > 0)
  const wrong = present.filter((kind) => isOpen[kind])
  if (wrong.length > 0) return html`<td class="wrong">${amounts(wrong, sums)}</td>`
  const calm = present.filter((kind) => gone || kind !== 'gone')
  if (calm.length > 0) return html`<td>${amounts(calm, sums)}</td>`
  return html`<td class="right"><span role="img" aria-label="complete">✓</span></td>`
}

function amounts(kinds: readonly Finding['kind'][], sums: Sums): Html[] {
  return kinds.map((kind) => html`<span>${count(sums[kind])} ${shortly[kind]}</span> `)
}
