import { lstat as lstatOfNode, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { brief, lstat, lstatIfThere, OpenFile, remove, unlink } from '../../../src/engine/files/quick-disk-calls.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-brief-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('an error is told as by Node: code, system call and path', async () => {
  const path = join(folder, 'nothing')
  const error = await lstatOfNode(path).catch((error) => error)
  expect(await lstat(path).catch((error) => error)).toMatchObject({ ...error })
  expect(await unlink(path).catch((error) => error)).toMatchObject({ code: 'ENOENT', syscall: 'unlink', path })
  expect(await lstatIfThere(path)).toBeUndefined()
  expect(await remove(path)).toBeUndefined()
})

test('whoever makes nothing but brief calls lets others have their turn', async () => {
  let isTurned = false
  setImmediate(() => {
    isTurned = true
  })
  while (!isTurned) await lstat(folder)
})

test('where the disk takes long, calls go through the pool, and are tried here again later', async () => {
  const made: string[] = []
  const call = brief(
    () => {
      made.push('here')
      const until = performance.now() + 1.5
      while (performance.now() < until);
    },
    async () => void made.push('pool'),
  )
  for (let number = 0; number < 400; number++) await call()
  const first = made.indexOf('pool')
  expect(first).toBeGreaterThan(1)
  expect(made.slice(first, first + 200)).not.toContain('here')
  expect(made.slice(first + 200)).toContain('here')
})

test('a file is written where it is told, and closed once however often that is asked', async () => {
  const path = join(folder, 'file')
  const file = await OpenFile.at(path, 'w')
  expect(await file.write(Buffer.from('world'), 6)).toBe(5)
  expect(await file.write(Buffer.from('hello '), 0)).toBe(6)
  await file.sync()
  await Promise.all([file.close(), file.close()])
  expect(await readFile(path, 'utf8')).toBe('hello world')
  const other = await OpenFile.at(path, 'r+')
  await file.close()
  await other.truncate(5)
  await other.close()
  expect(await readFile(path, 'utf8')).toBe('hello')
})
