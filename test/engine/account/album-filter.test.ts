import { expect, test } from 'vitest'
import { albumPath, isChosen, requireMatches } from '../../../src/engine/account/album-filter.ts'

const paths = ['Garden', 'Travel/Italy/Rome', 'Travel/Italy/Rome at night', 'Travel/Drafts', 'Ångström/Öl']

const chosen = (albums: string[], exclude: string[] = []) => paths.filter((path) => isChosen(path, { albums, exclude }))

test.each<[string[], string[], string[]]>([
  [[], [], paths],
  [['Garden'], [], ['Garden']],
  [['garden'], [], ['Garden']],
  [['Travel/*'], [], ['Travel/Drafts']],
  [['Travel/**'], [], ['Travel/Italy/Rome', 'Travel/Italy/Rome at night', 'Travel/Drafts']],
  [['**/Rome'], [], ['Travel/Italy/Rome']],
  [['**/rome*'], [], ['Travel/Italy/Rome', 'Travel/Italy/Rome at night']],
  [['ÅNGSTRÖM/*'], [], ['Ångström/Öl']],
  [['Garden', '**/Drafts'], [], ['Garden', 'Travel/Drafts']],
  [[], ['**/Drafts', 'garden'], ['Travel/Italy/Rome', 'Travel/Italy/Rome at night', 'Ångström/Öl']],
  [['Travel/**'], ['**/*night'], ['Travel/Italy/Rome', 'Travel/Drafts']],
])('--album %j --exclude %j', (albums, exclude, expected) => {
  expect(chosen(albums, exclude)).toEqual(expected)
})

test('an --album that matches nothing is refused, and the nearest name is told', () => {
  const choice = (album: string) => ({ albums: ['Garden', album], exclude: [] })
  expect(() => requireMatches(paths, choice('Travel/Italy/Rom'))).toThrow('Travel/Italy/Rome')
  expect(() => requireMatches(paths, choice('Graden'))).toThrow('Garden')
  expect(() => requireMatches(paths, choice('Drfts'))).toThrow('Drafts')
  expect(() => requireMatches(paths, choice('**/Drafts'))).not.toThrow()
  expect(() => requireMatches([], choice('x'))).toThrow('No album matches')
})

test('an --exclude that matches nothing harms nobody', () => {
  expect(() => requireMatches(paths, { albums: [], exclude: ['nothing'] })).not.toThrow()
})

test('an album is named by its folders and its own name', () => {
  expect(albumPath({ path: ['Travel', 'Italy'], name: 'Rome' })).toBe('Travel/Italy/Rome')
  expect(albumPath({ path: [], name: 'Garden' })).toBe('Garden')
})
