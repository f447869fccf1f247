import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { DeliveredFiles } from '../../../src/engine/exporters/delivered-files.ts'
import { Driver } from '../../../src/engine/exporters/driver.ts'
import type { Album, Exporter, Hooks, Image, VerifiedFile } from '../../../src/exporter/types.ts'
import { installed } from '../../installed.ts'

const album = { key: 'rome', name: 'Rome' } as Album
const garden = { key: 'garden', name: 'Garden' } as Album
const image = { key: 'xyz', name: 'a.jpg' } as Image
const file = {} as VerifiedFile

function driver(hooks: Partial<Hooks>, exporter: Partial<Exporter> = {}): Driver {
  const all = { deliver: async () => undefined, ...hooks }
  const mine = { name: 'mine', apiVersion: 1, create: () => all, ...exporter } as Exporter
  return new Driver(installed(mine), all, {} as DeliveredFiles, '/photos')
}

test('hooks of one album run one by one, those of different albums at once', async () => {
  const first = Promise.withResolvers<void>()
  const begun: string[] = []
  const mine = driver({
    async deliver({ name }, _, { album }) {
      begun.push(`${album.key} ${name}`)
      if (name === 'first') await first.promise
      return undefined
    },
  })
  const named = (name: string) => ({ ...image, name })
  const all = [
    mine.deliver(named('first'), file, album),
    mine.deliver(named('second'), file, album),
    mine.deliver(named('third'), file, garden),
  ]
  await sleep(0)
  expect(begun).toEqual(['rome first', 'garden third'])
  first.resolve()
  await Promise.all(all)
  expect(begun).toEqual(['rome first', 'garden third', 'rome second'])
})

test('an error names exporter, hook and item, and fails no more than that item', async () => {
  const mine = driver({ deliver: () => Promise.reject<undefined>(new Error('no room')) })
  await expect(mine.deliver(image, file, album)).rejects.toMatchObject({
    kind: 'item',
    what: 'Exporter "mine" failed in deliver: no room',
    item: 'a.jpg',
  })
})

test.each([
  ['a string', 'a.jpg'],
  ['a path out of the output', { path: '../a.jpg' }],
  ['an absolute path', { path: '/etc/passwd' }],
  ['something without a path', { where: 'a.jpg' }],
  ['null', null],
  ['what cannot be stored', { path: 'a.jpg', proof: () => {} }],
])('a hook that returns %s has failed', async (_, returned) => {
  const mine = driver({ deliver: async () => returned as never })
  await expect(mine.deliver(image, file, album)).rejects.toMatchObject({ kind: 'item' })
})

test('what a hook returned is not its own any more', async () => {
  const returned = { path: 'a.jpg', size: 4 }
  const delivery = await driver({ deliver: async () => returned }).deliver(image, file, album)
  returned.path = 'b.jpg'
  expect(delivery).toEqual({ path: 'a.jpg', size: 4 })
})

test('a full disk is everybody’s failure', async () => {
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write', path: '/photos/a.jpg' })
  const mine = driver({ deliver: () => Promise.reject<undefined>(full) })
  await expect(mine.deliver(image, file, album)).rejects.toMatchObject({
    kind: 'destination',
    what: 'The disk is full',
  })
})

test('what hinders one file only is that item’s failure', async () => {
  const inTheWay = Object.assign(new Error('EEXIST'), { code: 'EEXIST', syscall: 'mkdir', path: '/photos/Rome' })
  const mine = driver({ beginAlbum: () => Promise.reject<undefined>(inTheWay) })
  await expect(mine.beginAlbum(album)).rejects.toMatchObject({
    kind: 'item',
    what: 'A file stands where a folder is needed',
    item: '/photos/Rome',
  })
})

test('a hook that never ends has failed when its time is over', async () => {
  const mine = driver({ deliver: () => new Promise<undefined>(() => {}) }, { hookMinutes: 0.001 })
  await expect(mine.deliver(image, file, album)).rejects.toMatchObject({ what: expect.stringContaining('did not end') })
})

test('hooks that are not there are no work', async () => {
  const mine = driver({})
  await Promise.all([mine.prepare(), mine.beginAlbum(album), mine.endAlbum(album), mine.abort({ reason: '' })])
  expect([mine.canRelocate, mine.canRead, mine.wantsUnchanged]).toEqual([false, false, false])
})
