import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'

const program = join(import.meta.dirname, '../../dist/smugdl.mjs')
const confession = `data:text/javascript,process.on('exit', () => console.error(JSON.stringify(process.moduleLoadList)))`

/** Of Node's own modules those that the client, the catalog, a prompt or the simulator bring along. */
function heavyModules(args: string[]): string[] {
  const { stderr } = spawnSync(process.execPath, ['--import', confession, program, ...args], { encoding: 'utf8' })
  const loaded = confessed(stderr)
  const heavy = ['sqlite', 'http', 'https', 'http2', 'tls', 'zlib', 'dns', 'readline', 'child_process']
  return heavy.filter((name) => loaded.includes(`NativeModule ${name}`))
}

function confessed(stderr: string): string[] {
  return JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '')
}

it.each([[['--version']], [['--help']], [['download', '--help']], [['completion', 'bash']]])(
  '%j does not wait for modules that it does not need',
  (args) => {
    expect(heavyModules(args)).toEqual([])
  },
)

it('a command that needs them loads them', () => {
  expect(heavyModules(['demo', '-o', import.meta.dirname])).toContain('http')
})

it("a run has one HTTP client: Node's own undici stays unread, which takes as long as half a start of Node", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smugdl-start-'))
  const smugmug = await simulate(new World())
  try {
    const args = ['--import', confession, program, '-o', join(folder, 'home')]
    const { stderr } = await promisify(execFile)(process.execPath, args, {
      env: { SMUGDL_CONFIG_DIR: folder, ...smugmug.environment },
    })
    const loaded = confessed(stderr)
    expect(loaded).toContain('NativeModule http')
    expect(loaded).not.toContain('NativeModule internal/deps/undici/undici')
  } finally {
    await smugmug.close()
    await rm(folder, { recursive: true })
  }
})

it('an older Node is told which one is wanted, in a sentence, and as far as it can read the program', () => {
  const old = `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '20.19.1' })`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', old, program, 'demo'], {
    encoding: 'utf8',
  })
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'smugdl: This file needs Node 26 or later, and this is Node 20.19.1. The executables for download have it inside.\n',
  })
  const read = new Set([program])
  for (const path of read)
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(/(?:from|import)"(\.[^"]+)"/g))
      read.add(join(path, '..', name))
  expect(read.size).toBeGreaterThan(1)
  const code = Array.from(read, (path) => readFileSync(path, 'utf8')).join('\n')
  expect(code).not.toMatch(/\busing [\w$]+ ?=/)
})
