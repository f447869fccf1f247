import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { treeOf } from '../../src/cli/tree.ts'

const root = mkdtempSync(join(tmpdir(), 'smugdl-tree-'))
afterAll(() => rmSync(root, { recursive: true }))

it('treeOf() shows every folder, the first files of each, and how many more', async () => {
  for (const folder of ['.smugdl', 'b', 'a/inner', 'empty']) mkdirSync(join(root, folder), { recursive: true })
  const put = (path: string) => writeFileSync(join(root, path), '')
  for (let number = 1; number <= 12; number++) put(`a/img${number}.jpg`)
  for (const name of ['1', '2', '3', '4']) put(`a/inner/${name}`)
  for (const path of ['.smugdl/catalog.sqlite', 'b/x\u001b[2J.jpg', 'top.txt']) put(path)
  expect(await treeOf(root)).toEqual([
    '├── a/',
    '│   ├── inner/',
    '│   │   ├── 1',
    '│   │   ├── 2',
    '│   │   ├── 3',
    '│   │   └── 4',
    '│   ├── img1.jpg',
    '│   ├── img2.jpg',
    '│   ├── img3.jpg',
    '│   └── … 9 more',
    '├── b/',
    '│   └── x\u{fffd}[2J.jpg',
    '├── empty/',
    '└── top.txt',
  ])
})
