import { expect, test } from 'vitest'
import { type AlbumName, albumFilter, albumPath, requireMatches } from '../../../src/engine/account/album-filter.ts'

const paths = ['Garden', 'Travel/Italy/Rome', 'Travel/Italy/Rome at night', 'Travel/Drafts', 'Ångström/Öl']

/** An album; `\u2215` in the text is a slash within a name. */
function named(text: string): AlbumName {
  const names = text.split('/').map((name) => name.replaceAll('\u2215', '/'))
  return { path: names.slice(0, -1), name: names.at(-1) ?? '' }
}

function chosenOf(account: readonly string[], albums: readonly string[], exclude: readonly string[] = []): string[] {
  const isChosen = albumFilter(account.map(named), { albums, exclude })
  return account.filter((text) => isChosen(named(text)))
}

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
  expect(chosenOf(paths, albums, exclude)).toEqual(expected)
})

test('a blank at the end of a name need not be typed, and tells two apart where it is', () => {
  expect(chosenOf(['Odds/Old scans ', 'Garden'], ['odds/old scans'])).toEqual(['Odds/Old scans '])
  expect(chosenOf(['Rome', 'Rome '], ['Rome'])).toEqual(['Rome'])
})

test('an --album that matches nothing is refused, and the nearest name is told', () => {
  const choice = (album: string) => ({ albums: ['Garden', album], exclude: [] })
  expect(() => requireMatches(paths.map(named), choice('Travel/Italy/Rom'))).toThrow('Travel/Italy/Rome')
  expect(() => requireMatches(paths.map(named), choice('Graden'))).toThrow('Garden')
  expect(() => requireMatches(paths.map(named), choice('Drfts'))).toThrow('Drafts')
  expect(() => requireMatches(paths.map(named), choice('**/Drafts'))).not.toThrow()
  expect(() => requireMatches([], choice('x'))).toThrow('No album matches')
})

test('an --exclude that matches nothing harms nobody', () => {
  expect(() => requireMatches(paths.map(named), { albums: [], exclude: ['nothing'] })).not.toThrow()
})

test('an album is named by its folders and its own name', () => {
  expect(albumPath({ path: ['Travel', 'Italy'], name: 'Rome' })).toBe('Travel/Italy/Rome')
  expect(albumPath({ path: [], name: 'Garden' })).toBe('Garden')
})

const odd = [
  'Wedding [2019]',
  'Wedding 2',
  'Party {A,B}',
  'Party A',
  'a\\b',
  'ab',
  '!(x)',
  'x',
  '*',
  'Zoo/*',
  'Zoo/Lion',
]

test.each(odd.flatMap((path) => [[path], [path.toUpperCase()]]))(
  '%s means the album of this name and no other',
  (path) => {
    const [album = ''] = odd.filter((each) => each.toLowerCase() === path.toLowerCase())
    expect(chosenOf(odd, [path])).toEqual([album])
    expect(chosenOf(odd, [], [path])).toEqual(odd.filter((each) => each !== album))
  },
)

test('a name that no album has is a glob', () => {
  expect(chosenOf(['Wedding 2', 'Wedding 3'], ['Wedding [2019]'])).toEqual(['Wedding 2'])
})

test.each([
  ['Wedding [2019]/*', ['Wedding [2019]/Church', 'Wedding [2019]/Dance']],
  ['**/Wedding [2019]/D*', ['Wedding [2019]/Dance']],
  ['*/{Church,Dance}', ['Wedding [2019]/Church', 'Wedding [2019]/Dance', 'Wedding 2/Dance']],
])('within %s a part that equals a name means that name', (pattern, expected) => {
  expect(chosenOf(['Wedding [2019]/Church', 'Wedding [2019]/Dance', 'Wedding 2/Dance'], [pattern])).toEqual(expected)
})

test.each([
  ['Wedding \\[*', ['Wedding [2019]', 'Wedding [2020]']],
  ['\\W\\e*', ['Wedding [2019]', 'Wedding [2020]', 'Wedding 2']],
  ['\\*\\*', ['**']],
  ['\\{a,b\\}*', ['{a,b} c']],
  ['\\!(a)*', ['!(a) b']],
  ['\\**\\\\*', ['*x\\y']],
  ['back\\\\*', ['back\\slash']],
  ['*\\\\', ['end\\']],
])('in %s a backslash takes its meaning from what follows', (pattern, expected) => {
  const account = [
    'Wedding [2019]',
    'Wedding [2020]',
    'Wedding 2',
    '**',
    '{a,b} c',
    '!(a) b',
    'back\\slash',
    'end\\',
    '*x\\y',
    'a',
    'b',
  ]
  expect(chosenOf(account, [pattern])).toEqual(expected)
})

test.each([
  ['Family/5*', ['Family/5\u22156 Lions', 'Family/5 Tigers']],
  ['Family/5\\/6 Lions', ['Family/5\u22156 Lions']],
  ['Family/5\\/*', ['Family/5\u22156 Lions']],
  ['Family/5/6 Lions', ['Family/5\u22156 Lions']],
  ['Family/5/6*', ['Family/5\u22156 Lions', 'Family/5/6 Bears']],
  ['Family/*/6*', ['Family/5\u22156 Lions', 'Family/5/6 Bears']],
  ['*', []],
])('%s finds names with a slash in them', (pattern, expected) => {
  expect(chosenOf(['Family/5\u22156 Lions', 'Family/5 Tigers', 'Family/5/6 Bears', 'Zoo/6'], [pattern])).toEqual(
    expected,
  )
})

test('any character that a keyboard has stands for itself in the name of an album', () => {
  const names = Array.from({ length: 0x7e - 0x20 + 1 }, (_, place) => String.fromCharCode(0x20 + place))
  const account = [
    ...names.map((character) => `Folder/a${character.replace('/', '\u2215')}b`),
    'Folder/ab',
    'Folder/axb',
  ]
  for (const album of account) {
    const path = albumPath(named(album))
    expect([path, chosenOf(account, [path])]).toEqual([
      path,
      account.filter((each) => each.toLowerCase() === album.toLowerCase()),
    ])
  }
})

test('a folder or an album that is named without its folders is suggested with what finds it', () => {
  const suggested = (album: string) => () => requireMatches(paths.map(named), { albums: [album], exclude: [] })
  expect(suggested('Rome')).toThrow("Did you mean --album '**/Rome' (1 album)?")
  expect(suggested('Italy')).toThrow("Did you mean --album '**/Italy/**' (2 albums)?")
  expect(suggested('Travle/Italy/**')).toThrow("Did you mean --album 'Travel/Italy/**'?")
  expect(suggested('Travle')).toThrow("Did you mean --album 'Travel/**'?")
})
