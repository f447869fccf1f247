import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseSync } from 'oxc-parser'
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
    'plugins',
    'async',
    'shared',
  ],
  // The simulator for the demo's account.
  app: ['engine', 'smugmug', 'catalog', 'exporter', 'plugin-host', 'plugins', 'simulator', 'async', 'shared'],
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

test('no file imports itself by way of others, not even for a type', () => {
  const left = new Map(['src', 'plugins'].flatMap(filesBelow).map((file) => [file, importsOf(file)]))
  // What imports nothing that is left, or is imported by nothing that is left, is in no circle.
  for (let before = 0; before !== left.size; ) {
    before = left.size
    const imported = new Set([...left.values()].flat())
    for (const [file, targets] of left)
      if (!imported.has(file) || !targets.some((target) => left.has(target))) left.delete(file)
  }
  expect([...left.keys()]).toEqual([])
})

test('a built-in exporter knows the public contract and nothing behind it', () => {
  const reaching = filesBelow('plugins').flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith('src/') && target !== 'src/exporter/index.ts')
      .map((target) => `${file} → ${target}`),
  )
  expect(reaching).toEqual([])
})

test('the engine speaks no SQL', () => {
  const offenders = filesBelow('src/engine').filter((file) => modulesOf(file).some((name) => name === 'node:sqlite'))
  expect(offenders).toEqual([])
})

test.each(['src/engine', 'src/app', 'src/catalog', 'src/smugmug', 'src/exporter', 'src/async'])(
  'no file in %s prints, exits or reads the process: whoever calls hands in what it needs',
  (folder) => {
    const offenders = filesBelow(folder).filter(
      (file) =>
        globalsOf(file).length > 0 || modulesOf(file).some((name) => /^(node:)?(process|console|tty)$/.test(name)),
    )
    expect(offenders.filter((file) => !exempt.has(file))).toEqual([])
  },
)

test('what became of an image is counted, reported and recorded in one file', () => {
  const counting = /\b(tally\.(add|fail)|failures\.put)$/
  const files = filesBelow('src/engine').filter((file) =>
    parsed(file, readFileSync(join(root, file), 'utf8')).calls.some((name) => counting.test(name)),
  )
  // What is no longer accepted is due again: no run is under way then.
  expect(files.sort()).toEqual(['src/engine/query/accept.ts', 'src/engine/run/settle.ts'])
})

/** What only the process knows, and what is no business of a caller's. */
const exempt = new Set([
  'src/catalog/lock/owner.ts', // its own number
  'src/engine/files/fsync.ts', // whether this system syncs folders
  'src/engine/files/hash-thread.ts', // loads what it needs in a thread of its own
  'src/engine/files/hash-threads.ts', // how busy the processor was
])

test('the parser sees every kind of import, and no word in a comment or a text', () => {
  const text = `
    // import './comment.ts'
    import type { A } from './type.ts'
    import { type B } from './inline.ts'
    export * from './star.ts'
    export type { C } from './again.ts'
    const late = await import('./late.ts')
    type D = import('./in-type.ts').D
    const words = "from './text.ts'", more = \`import('./template.ts')\`
    const process = 1; ({ process: 2 }).process
  `
  expect(parsed('a.ts', text).imports.sort()).toEqual([
    './again.ts',
    './in-type.ts',
    './inline.ts',
    './late.ts',
    './star.ts',
    './type.ts',
  ])
  expect(parsed('a.ts', text).globals).toEqual([])
  expect(parsed('a.ts', 'console.log(process.env)').globals).toEqual(['console', 'process'])
  expect(parsed('a.ts', 'function f({ source = process }) {}').globals).toEqual(['process'])
})

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('examples'))
    .map((name) => join(folder, name).replaceAll('\\', '/'))
}

/** Files of ours that a file imports, static and dynamic, of values and of types, from the root. */
function importsOf(file: string): string[] {
  return modulesOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(root, join(root, dirname(file), name)).replaceAll('\\', '/'))
}

function modulesOf(file: string): string[] {
  return parsed(file, readFileSync(join(root, file), 'utf8')).imports
}

function globalsOf(file: string): string[] {
  return parsed(file, readFileSync(join(root, file), 'utf8')).globals
}

/** What a source imports, what it calls, and where it uses `process` or `console` as a global. */
function parsed(file: string, text: string): { imports: string[]; calls: string[]; globals: string[] } {
  const { program, errors } = parseSync(file, text)
  expect(errors).toEqual([])
  const imports: string[] = []
  const calls: string[] = []
  const names: string[] = []
  let isDeclared = false
  const visit = (node: unknown, parent?: Node, key?: string): void => {
    if (Array.isArray(node)) for (const each of node) visit(each, parent, key)
    if (!isNode(node)) return
    const { source, type } = node
    if (isNode(source) && typeof source.value === 'string') imports.push(source.value)
    if (type === 'CallExpression' && isNode(node.callee))
      calls.push(text.slice(Number(node.callee.start), Number(node.callee.end)))
    if (type === 'Identifier' && (node.name === 'process' || node.name === 'console')) {
      const isName =
        parent !== undefined && !parent.computed && !parent.shorthand && (key === 'property' || key === 'key')
      if (parent?.type === 'VariableDeclarator' && key === 'id') isDeclared = true
      else if (!isName) names.push(node.name)
    }
    for (const [key, child] of Object.entries(node)) visit(child, node, key)
  }
  visit(program)
  return { imports, calls, globals: isDeclared ? [] : names }
}

interface Node {
  type: string
  [key: string]: unknown
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function roomOf(file: string): string {
  const [first = '', second = '', third] = file.split('/')
  if (first !== 'src') return first
  return third === undefined ? 'shared' : second
}
