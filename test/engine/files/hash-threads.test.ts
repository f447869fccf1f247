import { createHash } from 'node:crypto'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashesOf, hashOf } from '../../../src/engine/files/hash.ts'
import { hashThreads, withHashThreads } from '../../../src/engine/files/hash-threads.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-hash-'))
})
afterAll(() => rm(folder, { recursive: true }))

const path = (name: string | number) => join(folder, String(name))
const digest = (name: string, bytes: string) => createHash(name).update(bytes).digest('hex')
const textOf = (number: number) => `picture ${number} `.repeat(number)
const { signal } = new AbortController()

/** More than enough for threads; `whole` asks as if each were large. */
async function written(count: number): Promise<number[]> {
  const numbers = Array.from({ length: count }, (_, number) => number)
  await Promise.all(numbers.map((number) => writeFile(path(number), textOf(number))))
  return numbers
}
const large = 64 * 1024 * 1024

/** A file without a hole's worth of blocks, which takes seconds to read. */
async function endless(): Promise<string> {
  await using file = await open(path('endless'), 'w')
  await file.truncate(200e9)
  return path('endless')
}

test('what threads hash has the hashes that it has here, an empty file too', async () => {
  const numbers = await written(100)
  await withHashThreads({ readers: 2, signal }, async () => {
    await hashOf(path(1), large)
    const found = await Promise.all(numbers.map((number) => hashesOf(path(number), { size: number })))
    expect(hashThreads()?.workers.length).toBeGreaterThan(0)
    expect(hashThreads()?.workers.length).toBeLessThanOrEqual(2)
    for (const number of numbers) {
      const text = textOf(number)
      expect(found[number]).toEqual({ size: text.length, md5: digest('md5', text), sha256: digest('sha256', text) })
      expect(await hashOf(path(number))).toBe(digest('sha256', text))
    }
  })
})

test('a few small files are worth no thread', async () => {
  const numbers = await written(20)
  await withHashThreads({ readers: 2, signal }, async () => {
    for (const number of numbers) expect(await hashOf(path(number), number)).toBe(digest('sha256', textOf(number)))
    expect(hashThreads()?.isAtWork).toBe(false)
  })
})

test('a file that cannot be read fails as it would here, and no other does', async () => {
  await written(2)
  await withHashThreads({ readers: 2, signal }, async () => {
    await hashOf(path(1), large)
    const [lost, found] = await Promise.allSettled([hashOf(path('nowhere'), 1), hashOf(path(1), 1)])
    expect(lost).toMatchObject({ reason: { code: 'ENOENT', syscall: 'open', path: path('nowhere') } })
    expect(found).toMatchObject({ value: digest('sha256', textOf(1)) })
  })
})

test('a thread that ends costs no file: what it had is read here, and another takes its place', async () => {
  const numbers = await written(50)
  await withHashThreads({ readers: 2, signal }, async () => {
    await hashOf(path(1), large)
    const before = hashThreads()?.workers ?? []
    const hashing = numbers.map((number) => hashOf(path(number), number))
    for (const worker of before) void worker.terminate()
    expect(await Promise.all(hashing)).toEqual(numbers.map((number) => digest('sha256', textOf(number))))
    await Promise.all(numbers.map((number) => hashOf(path(number), number)))
    expect(hashThreads()?.workers.filter((worker) => before.includes(worker))).toEqual([])
  })
})

test('who is told to stop leaves a file in the middle', async () => {
  const stop = new AbortController()
  const file = await endless()
  const hashing = withHashThreads({ readers: 2, signal: stop.signal }, async () => {
    await written(2)
    await hashOf(path(1), 1)
    const hash = hashOf(file, 200e9)
    setImmediate(() => setImmediate(() => stop.abort(new Error('stopped'))))
    return hash
  })
  await expect(hashing).rejects.toThrow('stopped')
})
