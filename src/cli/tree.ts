import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { printable } from '../app/text/printable.ts'

/** The folder as lines of a tree: of a folder with many files the first few, and how many more there are. `.smugdl` is left out. */
export async function treeOf(folder: string, { files: shown = 3 } = {}): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => name !== '.smugdl')
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  const order = new Intl.Collator('en', { numeric: true }).compare
  folders.sort(order)
  files.sort(order)
  // "… 1 more" would take the line of that one file.
  const few = files.length > shown + 1 ? files.slice(0, shown) : files
  const items = [
    ...folders.map((name) => ({ label: `${printable(name)}/`, inside: join(folder, name) })),
    ...few.map((name) => ({ label: printable(name), inside: undefined })),
    ...(few.length === files.length ? [] : [{ label: `… ${files.length - few.length} more`, inside: undefined }]),
  ]
  const lines: string[] = []
  for (const [place, { label, inside }] of items.entries()) {
    const last = place === items.length - 1
    lines.push(`${last ? '└── ' : '├── '}${label}`)
    if (inside !== undefined)
      for (const line of await treeOf(inside, { files: shown })) lines.push(`${last ? '    ' : '│   '}${line}`)
  }
  return lines
}
