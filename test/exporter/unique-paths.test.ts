import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clashKey } from '../../src/exporter/clash-key.ts'
import { safeName } from '../../src/exporter/safe-name.ts'
import { uniquePaths } from '../../src/exporter/unique-paths.ts'
import { nastyName } from './names-on-disk.ts'

const unique = (paths: Record<string, string>) =>
  Object.fromEntries(
    Array.from(
      uniquePaths(Object.entries(paths).map(([key, path]) => ({ key, path: path.split('/') }))),
      ([key, path]) => [key, path.join('/')],
    ),
  )

test('names are compared within a folder, and every one of a clash gets its key', () => {
  expect(unique({ A: '2024/a.jpg', B: '2025/a.jpg', C: '2024/A.JPG' })).toEqual({
    A: '2024/a [A].jpg',
    B: '2025/a.jpg',
    C: '2024/A [C].JPG',
  })
})

test('folders that are one on a disk without upper and lower case are one folder', () => {
  expect(unique({ A: 'Rome/a.jpg', B: 'ROME/a.jpg' })).toEqual({ A: 'Rome/a [A].jpg', B: 'ROME/a [B].jpg' })
})

test('a file and a folder never have one path', () => {
  expect(unique({ A: 'x.jpg', B: 'x.jpg/b.jpg', C: 'X.JPG/d/c.jpg' })).toEqual({
    A: 'x [A].jpg',
    B: 'x.jpg/b.jpg',
    C: 'X.JPG/d/c.jpg',
  })
})

test('whatever the names, no two paths are one on any disk, and their order does not matter', () => {
  const name = fc
    .oneof(fc.constantFrom('a', 'A', 'a.jpg', 'A.jpg', 'b [K1].jpg'), nastyName)
    .map((text) => safeName(text, '_'))
  const paths = fc.uniqueArray(
    fc.record({
      key: fc.constantFrom('K1', 'K2', 'K3', 'k1', 'k2'),
      path: fc.array(name, { minLength: 1, maxLength: 3 }),
    }),
    { selector: ({ key }) => key, maxLength: 5 },
  )
  fc.assert(
    fc.property(paths, (wanted) => {
      const found = uniquePaths(wanted)
      const files = [...found.values()].map((path) => path.map(clashKey).join('/'))
      const folders = [...found.values()].flatMap((path) =>
        path.slice(1).map((_, depth) =>
          path
            .slice(0, depth + 1)
            .map(clashKey)
            .join('/'),
        ),
      )
      expect(new Set(files).size).toBe(wanted.length)
      expect(files.filter((file) => folders.includes(file))).toEqual([])
      const sorted = (map: Map<string, string[]>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
      expect(sorted(uniquePaths(wanted.toReversed()))).toEqual(sorted(found))
    }),
  )
})
