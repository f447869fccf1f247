import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { printable } from '../app/text/printable.ts'
import { bytes } from '../app/text/quantities.ts'

/**
 * The folder as lines of a tree: of a folder with many files the first few, and how many more there are; with their sizes if asked for.
 * `.smugdl` is left out.
 */
export async function treeOf(folder: string, { files: shown = 3, sizes = false } = {}): Promise<string[]> {
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
    ...(await Promise.all(
      few.map(async (name) => ({
        label: sizes ? `${printable(name)}  ${await sizeOf(join(folder, name))}` : printable(name),
        inside: undefined,
      })),
    )),
    ...(few.length === files.length ? [] : [{ label: `… ${files.length - few.length} more`, inside: undefined }]),
  ]
  const lines: string[] = []
  for (const [place, { label, inside }] of items.entries()) {
    const last = place === items.length - 1
    lines.push(`${last ? '└── ' : '├── '}${label}`)
    if (inside !== undefined)
      for (const line of await treeOf(inside, { files: shown, sizes })) lines.push(`${last ? '    ' : '│   '}${line}`)
  }
  return lines
}

async function sizeOf(path: string): Promise<string> {
  const { size } = await lstat(path)
  return size === 0 ? '0 B (empty!)' : bytes(size)
}
