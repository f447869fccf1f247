import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { folder } from './rows.ts'

test('account: one row, replaced whole', () => {
  using catalog = Catalog.open(':memory:')
  expect(catalog.account.get()).toBeUndefined()
  const account = { root: 'node0', nickName: 'jane', name: 'Jane', raw: { Plan: 'Basic' }, treeWalkedAt: undefined }
  catalog.account.put(account)
  expect(catalog.account.get()).toEqual(account)
  const renamed = { root: 'node9', nickName: 'janet', name: 'Janet', raw: {}, treeWalkedAt: 500 }
  catalog.account.put(renamed)
  expect(catalog.account.get()).toEqual(renamed)
})

test('folders: the tree as last walked, by path', () => {
  using catalog = Catalog.open(':memory:')
  const child = folder({ id: 'folder2', parent: 'folder1', urlPath: '/Reisen/2026' })
  catalog.folders.replaceAll([child, folder()])
  expect(catalog.folders.all()).toEqual([folder(), child])
  catalog.folders.replaceAll([folder({ id: 'folder3' })])
  expect(catalog.folders.all()).toEqual([folder({ id: 'folder3' })])
})

test('folders: a tree that breaks off within a transaction leaves the old one', () => {
  using catalog = Catalog.open(':memory:')
  catalog.folders.replaceAll([folder()])
  const twice = () => catalog.transaction(() => catalog.folders.replaceAll([folder({ id: 'x' }), folder({ id: 'x' })]))
  expect(twice).toThrow('UNIQUE constraint failed')
  expect(catalog.folders.all()).toEqual([folder()])
})

test('complete: per exporter, cleared for all of them at once', () => {
  using catalog = Catalog.open(':memory:')
  for (const exporter of ['folder', 'zip']) catalog.complete.put(exporter, 'album1', `${exporter} digest`)
  catalog.complete.put('folder', 'album2', 'other')
  catalog.complete.put('folder', 'album1', 'newer digest')
  expect(catalog.complete.described('folder', 'album1')).toBe('newer digest')
  expect(catalog.complete.described('zip', 'album1')).toBe('zip digest')
  catalog.complete.clear('album1')
  expect(['folder', 'zip'].map((exporter) => catalog.complete.described(exporter, 'album1'))).toEqual([
    undefined,
    undefined,
  ])
  expect(catalog.complete.described('folder', 'album2')).toBe('other')
})

test('accepted: a decision with its reason, taken back once', () => {
  using catalog = Catalog.open(':memory:')
  catalog.accepted.put({ key: 'b', reason: 'broken upload', acceptedAt: 1 })
  catalog.accepted.put({ key: 'a', reason: 'test', acceptedAt: 2 })
  catalog.accepted.put({ key: 'b', reason: 'never finished', acceptedAt: 3 })
  expect(catalog.accepted.all()).toEqual([
    { key: 'a', reason: 'test', acceptedAt: 2 },
    { key: 'b', reason: 'never finished', acceptedAt: 3 },
  ])
  expect(catalog.accepted.reason('b')).toBe('never finished')
  expect([catalog.accepted.remove('b'), catalog.accepted.remove('b')]).toEqual([true, false])
  expect(catalog.accepted.reason('b')).toBeUndefined()
})

test('state: any JSON per exporter and key; undefined removes it', () => {
  using catalog = Catalog.open(':memory:')
  for (const value of [null, false, 0, '', [1, [2]], { a: { b: null } }]) {
    catalog.state.set('zip', 'k', value)
    expect(catalog.state.get('zip', 'k')).toEqual(value)
  }
  expect(catalog.state.get('folder', 'k')).toBeUndefined()
  catalog.state.set('zip', 'k', undefined)
  expect(catalog.state.get('zip', 'k')).toBeUndefined()
})
