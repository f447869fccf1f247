import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** What each room may import of the others; files of `src/` itself are `shared`. */
const arrows: Record<string, readonly string[]> = {
  cli: [
    'app',
    'engine',
    'smugmug',
    'catalog',
    'exporter',
    'plugin-host',
    'exporter-suite',
    'simulator',
    'plugins',
    'async',
    'shared',
  ],
  app: ['engine', 'smugmug', 'catalog', 'exporter', 'plugin-host', 'plugins', 'async', 'shared'],
  'exporter-suite': ['engine', 'smugmug', 'catalog', 'exporter', 'simulator', 'async', 'shared'],
  'plugin-host': ['exporter', 'async', 'shared'],
  engine: ['smugmug', 'catalog', 'exporter', 'async', 'shared'],
  smugmug: ['async', 'shared'],
  catalog: ['shared'],
  exporter: ['shared'],
  async: [],
  simulator: [],
  plugins: ['exporter'],
}

test('imports follow the arrows between the rooms', () => {
  const against: string[] = []
  for (const folder of ['src', 'plugins']) {
    for (const file of filesBelow(folder)) {
      const room = roomOf(file)
      if (room === 'shared') continue
      for (const target of importsOf(file)) {
        const other = roomOf(target)
        if (other !== room && !arrows[room]?.includes(other)) against.push(`${file} → ${target}`)
      }
    }
  }
  expect(against).toEqual([])
})

test('a built-in exporter knows the public contract and nothing behind it', () => {
  const reaching = filesBelow('plugins').flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith('src/') && target !== 'src/exporter/index.ts')
      .map((target) => `${file} → ${target}`),
  )
  expect(reaching).toEqual([])
})

test('the engine neither prints, nor exits, nor speaks SQL', () => {
  const offenders = filesBelow('src/engine').filter((file) =>
    /process\.(exit|stdout|stderr|env|argv)|console\.|node:sqlite/.test(readFileSync(join(root, file), 'utf8')),
  )
  expect(offenders).toEqual([])
})

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('examples'))
    .map((name) => join(folder, name).replaceAll('\\', '/'))
}

/** Files of ours that a file imports, static and dynamic, from the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/(?:from|import\()\s*'(\.{1,2}\/[^']+)'/g)].map(([, target = '']) =>
    relative(root, join(root, dirname(file), target)).replaceAll('\\', '/'),
  )
}

function roomOf(file: string): string {
  const [first = '', second = '', third] = file.split('/')
  if (first !== 'src') return first
  return third === undefined ? 'shared' : second
}
