import { spawnSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Demo } from '../../src/app/demo.ts'
import type { DoctorLine } from '../../src/cli/json-lines.ts'
import { rendererFor } from '../../src/cli/render/renderer.ts'
import { World } from '../../src/simulator/world.ts'
import { version } from '../../src/version.ts'
import { Inside } from './inside.ts'
import { jsonPage, sections } from './json-page.ts'
import { everyEvent, summary } from './render/events.ts'
import { testIo } from './world.ts'

type Json = Record<string, unknown>

const at = Date.UTC(2026, 10, 24, 3, 15)
const names = sections.flatMap(({ lines }) => lines.map(({ name }) => name))
const examples = new Map<string, Json>()
/** All lines of the runs that the examples are from. */
const written: Json[] = []

/** Every event, from the golden events; of everything else what smugdl writes of a small account. */
beforeAll(async () => {
  const io = testIo({ now: at })
  const renderer = (await rendererFor(io, 'json', { verbose: true }))()
  for (const event of everyEvent) renderer.on(event)
  const home = { files: 357, bytes: 22_000_000 }
  renderer.on({ type: 'run.stopped', ended: 'interrupted', home, announced: 1200, output: '/photos', summary })
  for (const line of parsed(io.out())) examples.set(String(line.type), line)

  const world = new World()
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  for (const fileName of ['a.jpg', 'b.jpg'])
    world.addImage(rome, { fileName, size: 1000, title: 'The forum', keywords: ['rome'] })
  const stuck = world.addVideo(rome, { fileName: 'film.mov', processing: true })
  await using scene = await Inside.of(world)
  scene.now = () => at
  const lines = async (...args: string[]): Promise<Json[]> => {
    const { out } = await scene.smugdl(args)
    const anywhere = out
      .replaceAll(scene.folder, '/home/you')
      .replaceAll('/home/you/home', '/home/you/photos')
      .replaceAll(scene.smugmug.origin, 'https://api.smugmug.com')
      .replaceAll(`"version":"${version}"`, '"version":"0.1.0"')
    const all = parsed(anywhere)
    written.push(...all)
    return all
  }
  const report = join(scene.folder, 'report.json')
  await lines('download', '--json', '--exec-on-finish', `cat > '${report}'`)
  const told = (await readFile(report, 'utf8')).replaceAll(`${scene.folder}/home`, '/home/you/photos')
  examples.set('run', JSON.parse(told))
  await rm(join(scene.output, 'Travel/Rome/b.jpg'))
  const of = async (name: string, ...args: string[]) => {
    const found = await lines(...args, '--json')
    examples.set(name, found.find(({ type }) => type === name) ?? found[0] ?? {})
  }
  await of('verify.finished', 'verify')
  await of('certificate', 'check')
  await of('find', 'find', 'forum')
  await of('albums', 'albums')
  await scene.smugdl(['accept', stuck.key, '--reason', 'SmugMug lost it'])
  await of('accept', 'accept')
  await scene.download()
  await of('status', 'status')
  await of('runs', 'runs')
  await of('fields', 'fields')
  await of('plugins', 'plugins', 'list')
  await of('adopt.finished', 'adopt', scene.output)
  await of('whoami', 'whoami')
  // Of this machine nothing is to stand in the page, and the demo takes its time.
  const checks = [{ check: 'disk', state: 'warn', says: 'The disk takes no hard links', next: 'Nothing' }] as const
  const machine = { node: 'v26.10.0', platform: 'linux', arch: 'x64' }
  const doctor: DoctorLine = { type: 'doctor', ok: true, version: '0.1.0', commit: '1a2b3c4d5e6f', ...machine, checks }
  const sums = { isCompared: true, isExact: true, same: 302, missing: 0, unexpected: 0, unavailable: 1 }
  const demo: Demo = { output: '/home/you/smugmug_demo', ...sums }
  examples.set('doctor', { v: 1, ...doctor })
  examples.set('demo.finished', { v: 1, type: 'demo.finished', ...demo })
  await of('error', 'find')
})

function parsed(text: string): Json[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

describe('json.md', () => {
  it('is made from the types, with an example of each line', async () => {
    for (const name of names) expect(examples.get(name), name).toBeDefined()
    await expect(jsonPage(examples)).toMatchFileSnapshot('../../src/cli/json.md')
  })

  it('names every field that is written', async () => {
    const page = await readFile(join(import.meta.dirname, '../../src/cli/json.md'), 'utf8')
    for (const [name, line] of examples)
      for (const field of Object.keys(line))
        if (!['v', 'type', 'time'].includes(field))
          expect([name, field, new RegExp(`^\\| \`${field}\\??\` `, 'm').test(page)]).toEqual([name, field, true])
  })

  it('explains every type that it names', async () => {
    const page = await readFile(join(import.meta.dirname, '../../src/cli/json.md'), 'utf8')
    const types = [...page.matchAll(/^\| `[^|]*` \| `(.*?)` \|/gm)].map(([, type = '']) =>
      type.replaceAll(/'[^']*'/g, ''),
    )
    const used = new Set(types.flatMap((type) => type.match(/\b[A-Z]\w+/g) ?? []))
    for (const name of used) if (!['Record', 'Omit'].includes(name)) expect(page).toContain(`\n\`${name}\`:\n`)
    expect(used.size).toBeGreaterThan(5)
  })

  it('promises v and ISO 8601: no line is without, and none holds milliseconds since 1970', () => {
    for (const line of [...written, ...examples.values()]) {
      expect(line.v).toBe(1)
      expect(JSON.stringify(line)).not.toMatch(/:1[67]\d{11}\b/)
    }
  })

  const hasJq = spawnSync('jq', ['--version']).status === 0
  it.skipIf(!hasJq)('has a line for jq that makes something of each example (skipped where there is no jq)', () => {
    for (const { name, jq } of sections.flatMap(({ lines }) => lines)) {
      const { status, stdout, stderr } = spawnSync('jq', ['-r', jq], { input: JSON.stringify(examples.get(name)) })
      expect([name, status, String(stderr)]).toEqual([name, 0, ''])
      expect([name, String(stdout).trim()]).not.toEqual([name, ''])
      expect(String(stdout)).not.toMatch(/^null$/m)
    }
  })
})
