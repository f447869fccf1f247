import { expect, test } from 'vitest'
import { pathGiven, pathShown } from '../../src/app/path-given.ts'

const io = { cwd: '/work', env: { HOME: '/home/jane' }, platform: 'linux' as const }

/** As `main.ts` has it where the current folder was deleted. */
const lost = {
  env: {},
  platform: 'linux' as const,
  get cwd(): string {
    throw new Error('asked for the current folder')
  },
}

test('a path is meant from the current folder', () => {
  expect([pathGiven('photos', io), pathGiven('../photos/', io), pathGiven('/photos/', io)]).toEqual([
    '/work/photos',
    '/photos',
    '/photos',
  ])
})

test.each(['~', '~/photos', '~\\photos'])(
  '%s, which no shell expanded, is refused with the path that is meant',
  (path) => {
    expect(() => pathGiven(path, io)).toThrow(`/home/jane${path.slice(1)}`)
  },
)

test('a path of Windows is refused on another system, and none is made of its letters', () => {
  expect(() => pathGiven('C:\\Users\\me', io)).toThrow('This is a Windows path')
  expect(() => pathGiven('C:/Users/me', io)).toThrow('This is a Windows path')
  expect([pathGiven('./C:\\Users', io), pathGiven('C:', io)]).toEqual(['/work/C:\\Users', '/work/C:'])
})

test('a name that only begins with a tilde is a name', () => {
  expect([pathGiven('~photos', io), pathGiven('./~', io), pathGiven('a/~/b', io)]).toEqual([
    '/work/~photos',
    '/work/~',
    '/work/a/~/b',
  ])
})

test('an absolute path does without a current folder, and is shown as it is', () => {
  expect(pathGiven('/photos', lost)).toBe('/photos')
  expect(() => pathGiven('photos', lost)).toThrow('asked for the current folder')
  expect([pathShown('/photos', lost), pathShown('/work/photos', io)]).toEqual(['/photos', 'photos'])
})
