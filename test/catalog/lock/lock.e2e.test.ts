import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { dateAndTime } from '../../../src/app/text/quantities.ts'
import { clearLock, lockOwner, RunLock } from '../../../src/catalog/lock/lock.ts'
import { Folder } from '../folder.ts'
import { Script } from '../process.ts'

const facts = { command: 'smugdl download', now: Date.UTC(2026, 7, 1, 12) }

test('a lock tells who holds the output, and is gone when it is released', () => {
  using folder = new Folder()
  const lock = RunLock.acquire(folder.at('photos'), facts)
  expect(lockOwner(folder.at('photos'))).toEqual({
    host: hostname(),
    pid: process.pid,
    boot: expect.anything(),
    command: 'smugdl download',
    since: facts.now,
  })
  expect(folder.names()).toEqual(['photos/.smugdl/lock', 'photos/.smugdl/lock.alive'])
  lock.release()
  lock.release()
  expect(folder.files()).toEqual({ 'photos/.smugdl/lock.alive': '' })
  RunLock.acquire(folder.at('photos'), facts).release()
})

test('a second run is refused, naming host, process and start of the first', () => {
  using folder = new Folder()
  using _lock = RunLock.acquire(folder.path, facts)
  const before = folder.files()
  expect(() => RunLock.acquire(folder.path, facts)).toThrow(
    destination(
      `Another run is using this folder: "smugdl download" on ${hostname()}, process ${process.pid}, since ${dateAndTime(facts.now)}`,
    ),
  )
  expect(folder.files()).toEqual(before)
})

test('an owner that is stopped still holds; once it is killed the next run takes over', async () => {
  using folder = new Folder()
  const owner = await holder(folder.path)
  owner.signal('SIGSTOP')
  expect(() => RunLock.acquire(folder.path, facts)).toThrow(destination('Another run is using this folder'))
  expect(() => clearLock(folder.path)).toThrow(destination('Another run is using this folder'))
  expect(lockOwner(folder.path)?.pid).toBe(owner.pid)
  await owner.kill()
  expect(lockOwner(folder.path)?.pid).toBe(owner.pid)
  using _lock = RunLock.acquire(folder.path, facts)
  expect(lockOwner(folder.path)?.pid).toBe(process.pid)
  expect(folder.names()).toEqual(['.smugdl/lock', '.smugdl/lock.alive'])
})

test.each([
  [
    'of another machine',
    { host: 'elsewhere' },
    'A run on another machine has not released this folder: "smugdl" on elsewhere, process 7',
  ],
  [
    'of another boot',
    { boot: 'another' },
    `A run from before this machine was last started has not released this folder: "smugdl" on ${hostname()}, process 7`,
  ],
])('a lock %s is not taken over: the message names its owner and the command that clears it', (_, other, sentence) => {
  using folder = new Folder()
  const ours = RunLock.acquire(folder.path, facts)
  const owner = { ...lockOwner(folder.path), pid: 7, command: 'smugdl', ...other }
  ours.release()
  writeFileSync(folder.at('.smugdl', 'lock'), JSON.stringify(owner))
  const before = folder.files()
  for (let again = 0; again < 2; again++)
    expect(() => RunLock.acquire(folder.path, facts)).toThrow(
      destination(sentence, `smugdl runs --unlock --output "${folder.path}"`),
    )
  expect(folder.files()).toEqual(before)
  expect(clearLock(folder.path)).toEqual(owner)
  expect(lockOwner(folder.path)).toBeUndefined()
  RunLock.acquire(folder.path, facts).release()
})

test.each([
  ['empty', ''],
  ['half written', '{"host":"vm","pid":12'],
  ['of somebody else', '{"pid":"12"}\n'],
  ['no JSON', 'x'],
])('a lock that is %s belongs to an unknown owner, unless it is older than this boot', (_, text) => {
  using folder = new Folder()
  mkdirSync(folder.at('.smugdl'))
  const lock = folder.at('.smugdl', 'lock')
  writeFileSync(lock, text)
  expect(() => RunLock.acquire(folder.path, facts)).toThrow(
    destination('This folder is locked, and its lock does not say by whom', 'smugdl runs --unlock'),
  )
  expect(readFileSync(lock, 'utf8')).toBe(text)
  utimesSync(lock, 1, 1)
  using _lock = RunLock.acquire(folder.path, facts)
  expect(lockOwner(folder.path)?.pid).toBe(process.pid)
})

test('release() leaves a lock that is no longer ours', () => {
  using folder = new Folder()
  const lock = RunLock.acquire(folder.path, facts)
  writeFileSync(folder.at('.smugdl', 'lock'), 'another machine, after somebody cleared ours')
  lock.release()
  expect(readFileSync(folder.at('.smugdl', 'lock'), 'utf8')).toBe('another machine, after somebody cleared ours')
})

test('release() is content when the folder is gone', () => {
  using folder = new Folder()
  const lock = RunLock.acquire(folder.path, facts)
  rmSync(folder.at('.smugdl'), { recursive: true })
  lock.release()
  expect(folder.names()).toEqual([])
})

test('clearLock() makes nothing where nothing is', () => {
  using folder = new Folder()
  expect(clearLock(folder.path)).toBeUndefined()
  expect(folder.names()).toEqual([])
})

test('a folder that cannot be made is a sentence', () => {
  using folder = new Folder()
  writeFileSync(folder.at('file'), '')
  expect(() => RunLock.acquire(folder.at('file'), facts)).toThrow(destination('A file stands where a folder is needed'))
})

test.skipIf(process.platform !== 'linux')(
  'where the system makes no folders, a sentence comes, and it comes at once',
  () => {
    expect(() => RunLock.acquire('/proc/photos', facts)).toThrow(
      destination('The folder cannot be made: the system itself keeps what is there, and takes nothing new'),
    )
  },
)

test('of many that start at once exactly one wins, and exactly one takes over each time that the owner dies', async () => {
  using folder = new Folder()
  const starters = Array.from({ length: 6 }, () => new Script('contender.ts', []))
  try {
    while (starters.length > 0) {
      const at = Date.now() + 100
      for (const starter of starters) starter.tell({ output: folder.path, at })
      const answers = (await Promise.all(starters.map((starter) => starter.said()))) as {
        won: boolean
        message?: string
      }[]
      const winners = starters.filter((_, index) => answers[index]?.won)
      expect(winners.length).toBe(1)
      expect(lockOwner(folder.path)?.pid).toBe(winners[0]?.pid)
      for (const { message } of answers.filter(({ won }) => !won))
        expect(message).toMatch(/^Another run is using this folder/)
      for (const winner of winners) {
        await winner.kill()
        starters.splice(starters.indexOf(winner), 1)
      }
    }
  } finally {
    for (const starter of starters) await starter.kill()
  }
})

test.for([
  { isStale: false, calls: ['openat', 'write', 'fsync', 'link', 'unlink'] },
  { isStale: true, calls: ['openat', 'write', 'fsync', 'rename'] },
])(
  'a kill at any call on the way to the lock leaves nothing that the next run cannot take (stale: $isStale)',
  async ({ isStale, calls }, { skip }) => {
    if (spawnSync('strace', ['-V']).status !== 0) skip('there is no strace')
    for (const call of calls) {
      for (let number = 1; ; number++) {
        using folder = new Folder()
        if (isStale) leaveLock(folder)
        using starter = traced(folder, call, `signal=SIGKILL:when=${number}`)
        starter.tell({ output: folder.path, at: 0 })
        const said = await starter.said()
        await starter.kill()
        RunLock.acquire(folder.path, facts).release()
        expect(folder.names()).toEqual(['.smugdl/lock.alive'])
        if (said !== undefined) {
          expect(said).toEqual({ won: true })
          expect(number, `no ${call} was met`).toBeGreaterThan(1)
          break
        }
      }
    }
  },
)

test('where there are no hard links the first still wins, and its lock is whole', async ({ skip }) => {
  if (spawnSync('strace', ['-V']).status !== 0) skip('there is no strace')
  using folder = new Folder()
  using starter = traced(folder, 'link,linkat', 'error=EPERM')
  starter.tell({ output: folder.path, at: 0 })
  expect(await starter.said()).toEqual({ won: true })
  expect(lockOwner(folder.path)).toMatchObject({ command: 'smugdl contender' })
  expect(folder.names()).toEqual(['.smugdl/lock', '.smugdl/lock.alive'])
  expect(() => RunLock.acquire(folder.path, facts)).toThrow(
    destination('Another run is using this folder: "smugdl contender"'),
  )
  await starter.kill()
  using _lock = RunLock.acquire(folder.path, facts)
})

async function holder(output: string): Promise<Script> {
  const script = new Script('contender.ts', [])
  script.tell({ output, at: 0 })
  expect(await script.said()).toEqual({ won: true })
  return script
}

/** A lock as one who died leaves it. */
function leaveLock(folder: Folder): void {
  const path = folder.at('.smugdl', 'lock')
  const lock = RunLock.acquire(folder.path, facts)
  const text = readFileSync(path)
  lock.release()
  writeFileSync(path, text)
}

/** A contender, some of whose calls on the lock's files are tampered with. */
function traced(folder: Folder, calls: string, tampering: string): Script {
  const names = ['lock', `lock.new-${hostname().replace(/[^\w-]/g, '_')}`]
  const files = names.flatMap((name) => ['-P', folder.at('.smugdl', name)])
  const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:${tampering}`]
  return new Script('contender.ts', [], ['strace', '-f', '-qq', '-o', '/dev/null', ...files, ...inject])
}

/** A `destination` error whose message holds all of these. */
function destination(...parts: string[]) {
  const pattern = new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'))
  return expect.objectContaining({ kind: 'destination', message: expect.stringMatching(pattern) })
}
