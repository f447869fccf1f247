import {
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openLogFile } from '../../src/cli/log-file.ts'
import { testIo } from './world.ts'

process.env.TZ = 'America/New_York'

const folder = mkdtempSync(join(tmpdir(), 'smugdl-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('openLogFile() appends each line with its time, repeated ones too', async () => {
  const path = join(folder, 'run.log')
  for (const line of ['first', 'second']) {
    using log = await openLogFile(path, testIo({ now: Date.UTC(2026, 10, 24, 5, 40) }))
    log.write(line)
    for (let time = 0; time < 20; time++) log.write('again')
  }
  const lines = readFileSync(path, 'utf8').split('\n')
  expect(lines).toHaveLength(2 * 21 + 1)
  expect(lines[0]).toBe('2026-11-24T00:40:00.000-05:00 info  first')
  expect(lines[21]).toBe('2026-11-24T00:40:00.000-05:00 info  second')
})

it('openLogFile() puts a log of more than 10 MB aside, keeps five of them, and loses none while there is room', async () => {
  const path = join(folder, 'large.log')
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  for (let run = 0; run < 7; run++) {
    writeFileSync(path, `${run}${' '.repeat(10_000_000)}`)
    using log = await openLogFile(path, testIo())
    log.write('new')
  }
  expect(read('large.log')).toMatch(/^\S+ info {2}new\n$/)
  expect([1, 2, 3, 4, 5].map((n) => read(`large.log.${n}`)[0])).toEqual(['6', '5', '4', '3', '2'])
  expect(existsSync(join(folder, 'large.log.6'))).toBe(false)
})

it('openLogFile() refuses a path that cannot be written to', async () => {
  await expect(openLogFile(folder, testIo())).rejects.toMatchObject({ kind: 'usage', item: folder })
})

it('openLogFile() says that the folder of a log is not there, as where a disk is not mounted', async () => {
  await expect(openLogFile(join(folder, 'photos/.smugdl/log'), testIo())).rejects.toMatchObject({
    kind: 'usage',
    what: 'The folder of the log file is not there',
    next: 'Connect its disk, or make the folder',
  })
})

it.skipIf(!existsSync('/proc/self'))(
  'openLogFile() says what the system says of a folder that is there and takes nothing',
  async () => {
    await expect(openLogFile('/proc/x', testIo())).rejects.toMatchObject({
      what: 'The log file cannot be written to',
      next: 'The system itself keeps what is there, and takes nothing new; choose another one with --log-file',
    })
  },
)

const home = join(folder, 'home')
const own = join(home, '.smugdl')
mkdirSync(own, { recursive: true })
mkdirSync(join(own, 'staging'))
writeFileSync(join(own, 'catalog.sqlite'), 'memory')
symlinkSync(own, join(folder, 'short'))
symlinkSync(join(own, 'catalog.sqlite'), join(folder, 'harmless.log'))

it.each(['home/.smugdl/log', 'home/.smugdl/log.1', 'home/.smugdl/log.12', 'short/log'])(
  'openLogFile() takes %s, a log beside what it tells of',
  async (path) => {
    using log = await openLogFile(path, testIo({ cwd: folder }))
    log.write('it began')
    expect(readFileSync(join(folder, path), 'utf8')).toContain('it began')
  },
)

it.each([
  'home/.smugdl/catalog.sqlite',
  'home/.smugdl/lock',
  'home/.smugdl/log.txt',
  'home/.smugdl/logs',
  'home/.smugdl/staging/log',
  'home/.SMUGDL/catalog.sqlite',
  'short/catalog.sqlite',
  'harmless.log',
])('openLogFile() refuses %s, which is for smugdl itself', async (path) => {
  await expect(openLogFile(path, testIo({ cwd: folder }))).rejects.toMatchObject({
    kind: 'usage',
    what: "The folder .smugdl is smugdl's own, and nothing else is written there",
  })
  expect(readFileSync(join(own, 'catalog.sqlite'), 'utf8')).toBe('memory')
})

it.skipIf(process.getuid?.() !== 0)(
  'openLogFile() follows a link of ours, and none that another user made',
  async () => {
    const victim = join(folder, 'victim')
    writeFileSync(victim, 'mine')
    const path = join(folder, 'linked.log')
    symlinkSync(victim, path)
    ;(await openLogFile(path, testIo()))[Symbol.dispose]()
    lchownSync(path, 12_345, 12_345)
    await expect(openLogFile(path, testIo())).rejects.toMatchObject({
      kind: 'usage',
      what: 'The log file is a link that another user made',
    })
    expect(readFileSync(victim, 'utf8')).toBe('mine')
  },
)
