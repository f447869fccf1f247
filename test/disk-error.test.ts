import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diskError, fileError, onDisk } from '../src/disk-error.ts'
import { SmugdlError } from '../src/error.ts'

function failed(syscall: string, code: string, path?: string): Error {
  return Object.assign(new Error(`${code}: something, ${syscall}`), { syscall, code, ...(path && { path }) })
}

describe('an error of the disk', () => {
  it('is a sentence of the destination, with the path that failed and what to do', () => {
    expect(diskError(failed('open', 'ENOSPC', '/photos/a.jpg'), '/photos')).toMatchObject({
      kind: 'destination',
      what: 'The disk is full',
      item: '/photos/a.jpg',
      next: expect.any(String),
    })
  })

  it('names the place where the system names no path', () => {
    expect(diskError(failed('write', 'ENOSPC'), '/photos')).toMatchObject({ item: '/photos' })
  })

  it('is told when Node calls it a missing folder: of a folder that is made with those around it, none is missing', () => {
    expect(diskError(failed('mkdir', 'ENOENT', join(import.meta.dirname, 'photos')))).toMatchObject({
      kind: 'destination',
      what: 'The folder cannot be made',
      item: join(import.meta.dirname, 'photos'),
    })
  })

  it.skipIf(process.platform !== 'linux')('that Node cannot tell is told as the system has it', () => {
    expect(diskError(failed('mkdir', 'ENOENT', '/proc/photos/mine'))).toMatchObject({
      kind: 'destination',
      what: expect.stringContaining('takes nothing new'),
      item: '/proc/photos/mine',
    })
  })

  it('means that the disk went where it is staging that is not there', () => {
    const what = 'The destination is no longer there'
    expect(diskError(failed('open', 'ENOENT', '/photos/.smugdl/staging/1.part'))).toMatchObject({ what })
    expect(diskError(failed('open', 'ENOENT', 'E:\\photos\\.smugdl\\staging\\1.part'))).toMatchObject({ what })
  })

  it('means that staging was removed where the output is still there', () => {
    const path = join(import.meta.dirname, '.smugdl/staging/1.part')
    expect(diskError(failed('open', 'ENOENT', path))).toMatchObject({
      kind: 'destination',
      what: expect.stringContaining('was removed while smugdl ran'),
      next: expect.stringContaining('Run again'),
    })
  })

  it.each([
    ['a file too large for the disk', 'write', 'EFBIG'],
    ['a file in place of a folder', 'mkdir', 'EEXIST'],
    ['a file in place of a folder around it', 'mkdir', 'ENOTDIR'],
  ])('is the failure of one file, or of all that there is: %s', (_, syscall, code) => {
    expect(fileError(failed(syscall, code), '/photos/a.jpg')).toMatchObject({ kind: 'item', item: '/photos/a.jpg' })
    expect(diskError(failed(syscall, code), '/photos')).toMatchObject({ kind: 'destination', item: '/photos' })
  })

  it('that is full is the destination, though a file on another disk was being read for it', () => {
    const copied = (code: string) =>
      Object.assign(failed('copyfile', code, '/proc/self/stat'), { dest: '/photos/.smugdl/staging/1.part' })
    for (const code of ['ENOSPC', 'EDQUOT'])
      expect(fileError(copied(code), '/photos')).toMatchObject({
        kind: 'destination',
        item: '/photos/.smugdl/staging/1.part',
      })
  })

  it.each([
    ['a missing file', failed('open', 'ENOENT', '/photos/a.jpg')],
    ['no error of the system', new Error('EIO')],
    ['one that is told already', new SmugdlError('item', { what: 'damaged' })],
  ])('is not %s', (_, error) => {
    expect([diskError(error, '/photos'), fileError(error, '/photos')]).toEqual([error, error])
  })
})

describe('onDisk', () => {
  const failing = (error: Error) => () =>
    onDisk('/photos', () => {
      throw error
    })

  it('lets nothing of the system through, whatever it is', () => {
    expect(failing(failed('mkdir', 'EIO'))).toThrow(/^The disk reports an error: \/photos/)
    const strange = new SmugdlError('destination', {
      what: 'The output folder cannot be used (ELOOP: something, mkdir)',
      item: '/photos',
      next: 'Check that it exists, that you may write to it and that the disk has room',
    })
    expect(failing(failed('mkdir', 'ELOOP'))).toThrow(strange)
  })

  it('leaves our own mistakes what they are', () => {
    const bug = new TypeError('ours')
    expect(failing(bug)).toThrow(bug)
  })
})
