/** How the certificate looks: its own fonts are the system's, its colours follow the reader's choice of light and dark, paper is white. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --ink: #22262a; --quiet: #666c72; --line: #e4e0d8; --wash: #f3f0ea;
  --right: #2c6e4f; --wrong: #a3470f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181a; --ink: #e4e2dd; --quiet: #9a9c9c; --line: #2e3235; --wash: #1d2022;
    --right: #7cc3a0; --wrong: #eda06a;
  }
}
* { box-sizing: border-box; margin: 0; padding: 0; }
html { -webkit-text-size-adjust: 100%; }
body {
  background: var(--paper); color: var(--ink); --seal: var(--wrong);
  font: 1rem/1.6 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  overflow-wrap: anywhere;
}
body.complete { --seal: var(--right); }
main { max-width: 52rem; margin: 0 auto; padding: 4rem 2rem 3rem; }
h1, h2 { font-family: Charter, "Iowan Old Style", "Palatino Linotype", Georgia, "Noto Serif", "Liberation Serif", serif; font-weight: 500; }

header { display: flex; gap: 1.5rem; align-items: center; padding-bottom: 2rem; border-bottom: 1px solid var(--line); }
header svg { flex: none; width: 4.5rem; height: 4.5rem; fill: none; stroke: var(--seal); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
header svg path { stroke-width: 3.5; }
h1 { font-size: 2.1rem; line-height: 1.2; color: var(--seal); font-variant-numeric: lining-nums; text-wrap: balance; overflow-wrap: normal; }
.what { color: var(--quiet); font-size: .8rem; letter-spacing: .12em; text-transform: uppercase; }
.rest { color: var(--quiet); margin-top: .25rem; }

dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 1rem 2rem; padding: 1.5rem 0; border-bottom: 1px solid var(--line); }
dt, .findings h3 { color: var(--quiet); font-size: .85rem; font-weight: 400; }

section { margin-top: 2.25rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin-bottom: .6rem; break-after: avoid; }
h2 span { color: var(--quiet); font-family: ui-sans-serif, system-ui, sans-serif; font-size: .9rem; font-variant-numeric: tabular-nums; margin-left: .35rem; }
section p { max-width: 42rem; }
section p + p { margin-top: .5rem; }

.findings { border-left: 3px solid var(--line); padding-left: 1.1rem; }
.findings.open { border-color: var(--wrong); }
.findings h3 { margin-top: .5rem; break-after: avoid; }
.findings ul { list-style: none; }
.findings li { break-inside: avoid; padding: .1rem 0; }

table { width: 100%; border-collapse: collapse; font-size: .92rem; line-height: 1.4; }
th, td { padding: .4rem 0 .4rem 1rem; text-align: right; vertical-align: baseline; font-weight: 400; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead { display: table-header-group; }
thead th { color: var(--quiet); font-size: .8rem; border-bottom: 1px solid var(--line); }
tbody th, tfoot th, thead th:first-child { padding-left: calc(var(--depth, 0) * 1.25rem); text-align: left; white-space: normal; width: 100%; }
tr { break-inside: avoid; border-bottom: 1px solid var(--line); }
tr.folder { background: var(--wash); break-after: avoid; }
tr.folder th { font-weight: 600; }
tr.gone th { color: var(--quiet); }
tfoot tr { border-bottom: 0; border-top: 2px solid var(--ink); }
tfoot th, tfoot td { font-weight: 600; }
tfoot { display: table-row-group; }
td { color: var(--quiet); }
td.right { color: var(--right); }
td.wrong { color: var(--wrong); font-weight: 600; }
tr > :last-child { padding-right: .5rem; white-space: normal; min-width: 7.5rem; }
td span { white-space: nowrap; }
tr > :first-child { padding-left: calc(.5rem + var(--depth, 0) * 1.25rem); }

footer { margin-top: 3rem; padding-top: 1.25rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .85rem; }

@media (max-width: 40rem) {
  main { padding: 2rem 1.1rem; }
  header { gap: 1rem; align-items: flex-start; }
  header svg { width: 2.75rem; height: 2.75rem; margin-top: .2rem; }
  h1 { font-size: 1.55rem; }
  dl { grid-template-columns: 1fr; gap: .75rem; }
  thead { display: none; }
  table, tbody, tfoot { display: block; }
  tr { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: .6rem; padding: .5rem .5rem .5rem calc(.5rem + var(--depth, 0) * .75rem); }
  tr > :first-child { flex: 1 0 55%; width: auto; padding: 0; }
  tr > :last-child { order: 1; flex: 1 1 25%; padding: 0; }
  td { order: 2; font-size: .75rem; padding: 0; }
  td[data-label]::before { content: attr(data-label) " "; }
  td[data-label="verified"]::before { content: none; }
  .as-announced td[data-label="announced"] { display: none; }
}

@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --quiet: #555; --line: #d5d5d5; --wash: #f5f5f5; --right: #1f5c40; --wrong: #8a3a0a; }
  @page { size: A4; margin: 18mm 16mm; }
  body { font-size: 10pt; line-height: 1.45; }
  main { max-width: none; padding: 0; }
  tr.folder { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
