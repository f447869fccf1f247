import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cli } from '../../src/cli/cli.ts'
import { liveArea } from '../../src/cli/render/live-area.ts'
import { testIo } from './world.ts'

const anyText = fc.string({ unit: 'binary' })
const speaksToTerminal = /(?![\t\n])[\p{Control}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

test('no text that is printed speaks to the terminal (1,000 texts)', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const io = testIo()
      io.stdout.write(text)
      io.stderr.write(text)
      expect(io.out()).not.toMatch(speaksToTerminal)
      expect(io.err()).toBe(io.out())
      expect(io.out().split('\n')).toHaveLength(text.split('\n').length)
    }),
    { numRuns: 1_000 },
  )
})

test('nor does a line that is drawn over and over: it stays one line, between the cursor movements of ours (1,000 texts)', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const io = testIo({ tty: true })
      const area = liveArea(io.stderr)
      area.draw([text])
      area.print(text)
      const without = io.err().replaceAll(/\x1b\[(?:\?7[lh]|1A\r\x1b\[J)/gu, '')
      expect(without).not.toMatch(speaksToTerminal)
      expect(without.match(/\n/g)).toHaveLength(3)
    }),
    { numRuns: 1_000 },
  )
})

test.skipIf(process.platform === 'win32')(
  'a plugin whose file and version hold escapes is listed without them',
  async () => {
    await using folder = await temporary()
    const plugin = "export default { name: 'a', apiVersion: 1, create: () => ({ deliver() {} }) }"
    await writeFile(join(folder.path, 'a\x1b]0;own\x07\nx.mjs'), plugin)
    await mkdir(join(folder.path, 'versed'))
    await writeFile(join(folder.path, 'versed', 'index.mjs'), plugin)
    const manifest = { name: 'versed', version: '1.0\x1b[2J', main: 'index.mjs', type: 'module' }
    await writeFile(join(folder.path, 'versed', 'package.json'), JSON.stringify(manifest))
    for (const json of [[], ['--json']]) {
      const io = testIo({ env: { SMUGDL_CONFIG_DIR: folder.path }, cwd: folder.path })
      expect(await cli(['plugins', 'list', '--plugin-dir', folder.path, ...json], { io, secrets: new Set() })).toBe(0)
      expect(io.out()).toContain('own')
      expect(io.out()).toContain('1.0')
      expect(io.out()).not.toMatch(speaksToTerminal)
      // Two plugins and what comes with smugdl, a line each.
      expect(io.out()).not.toMatch(/^x/m)
    }
  },
)

/** Who may name the streams of the process, or write past the cleaning, and why. */
const allowed: Record<string, readonly string[]> = {
  // Hands both to a printer; these are all that the rest sees of them.
  'main.ts': ['printer(process.stdout)', 'printer(process.stderr)'],
  // Listens for a reader that went away.
  'cli/exit.ts': ["process.stdout.on('error'", "process.stderr.on('error'"],
  // Another process, whose streams are pipes to smugdl.
  'plugin-host/child/main.ts': [
    'const { stdin, stdout, stderr } = process',
    "Object.defineProperty(process, 'stdout', { get: () => stderr })",
  ],
  // Asks whether there is a terminal, and writes nothing.
  'cli/outlives-terminal.ts': ["openSync('/dev/tty', constants.O_RDONLY", "getBuiltinModule('node:tty').isatty("],
  // Draws with cursor movements, around lines that it cleans.
  'cli/printer.ts': ['writeRaw(text: string): void', 'writeRaw: (text) =>'],
  'cli/render/live-area.ts': ['terminal.writeRaw('],
}

test('no other path reaches the terminal', async () => {
  const src = join(import.meta.dirname, '../../src')
  const doors =
    /process\??\s*(?:\.\s*|\[\s*['"`])std(?:out|err)|\bstd(?:out|err)\b[^;\n]*=\s*process\b|defineProperty\(process, 'std|\bconsole\s*[.[]|writeSync\(\s*[12]\b|\/dev\/(?:tty|std|fd)|node:tty|writeRaw|_rawDebug|stdio: [^\n]*inherit/g
  const used = new Map<string, number>()
  const against: string[] = []
  for (const file of (await readdir(src, { recursive: true })).map((name) => name.replaceAll('\\', '/')).sort()) {
    if (!file.endsWith('.ts')) continue
    let text = (await readFile(join(src, file), 'utf8')).replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '')
    for (const use of allowed[file] ?? []) {
      used.set(`${file}: ${use}`, text.split(use).length - 1)
      text = text.replaceAll(use, '')
    }
    against.push(...Array.from(text.matchAll(doors), ([door]) => `${file}: ${door}`))
  }
  expect(against).toEqual([])
  expect([...used].filter(([, times]) => times === 0)).toEqual([])
})

async function temporary(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'smugdl-printer-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
