import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const program = join(import.meta.dirname, '../../dist/smugdl.mjs')
const confession = `data:text/javascript,process.on('exit', () => console.error(JSON.stringify(process.moduleLoadList)))`

/** Of Node's own modules those that the client, the catalog, a prompt or the simulator bring along. */
function heavyModules(args: string[]): string[] {
  const { stderr } = spawnSync(process.execPath, ['--import', confession, program, ...args], { encoding: 'utf8' })
  const loaded: string[] = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '')
  const heavy = ['sqlite', 'http', 'https', 'http2', 'tls', 'zlib', 'dns', 'readline', 'child_process']
  return heavy.filter((name) => loaded.includes(`NativeModule ${name}`))
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
