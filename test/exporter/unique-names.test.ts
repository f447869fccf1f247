import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { clashKey } from '../../src/exporter/clash-key.ts'
import { safeName } from '../../src/exporter/safe-name.ts'
import { type NamedEntry, uniqueNames } from '../../src/exporter/unique-names.ts'
import { fileSystems, nastyName, objections } from './names-on-disk.ts'

describe('uniqueNames()', () => {
  test('leaves names alone that clash with none', () => {
    expect(named(image('K1', 'a.jpg'), image('K2', 'b.jpg'))).toEqual({ K1: 'a.jpg', K2: 'b.jpg' })
  })

  test('gives every image of a clash its key, before the extension', () => {
    expect(named(image('K1', 'DSC_1.jpg'), image('K2', 'DSC_1.JPG'), image('K3', 'c.jpg'))).toEqual({
      K1: 'DSC_1 [K1].jpg',
      K2: 'DSC_1 [K2].JPG',
      K3: 'c.jpg',
    })
  })

  test('gives every album of a clash its key, at the end', () => {
    expect(named(folder('A1', 'Vol. 2.Final'), folder('A2', 'Vol. 2.final'))).toEqual({
      A1: 'Vol. 2.Final [A1]',
      A2: 'Vol. 2.final [A2]',
    })
  })

  test('sees a clash that only making the names safe has brought', () => {
    expect(named(folder('A1', '5/6 Lax'), folder('A2', '5:6 Lax'))).toEqual({ A1: '5-6 Lax [A1]', A2: '5-6 Lax [A2]' })
    const long = 'x'.repeat(250)
    expect(named(image('K1', `${long}1.jpg`), image('K2', `${long}2.jpg`))).toEqual({
      K1: `${'x'.repeat(191)} [K1].jpg`,
      K2: `${'x'.repeat(191)} [K2].jpg`,
    })
  })

  test('tells keys apart that differ by case alone', () => {
    const names = named(image('aBc1234', 'a.jpg'), image('aBC1234', 'a.jpg'))
    expect(names).toEqual({
      aBc1234: expect.stringMatching(/^a \[aBc1234-[0-9a-f]{8}\]\.jpg$/),
      aBC1234: expect.stringMatching(/^a \[aBC1234-[0-9a-f]{8}\]\.jpg$/),
    })
    expect(new Set(Object.values(names).map(clashKey)).size).toBe(2)
  })

  test('lets the one that is really called like a suffixed name give way', () => {
    expect(named(image('K1', 'a.jpg'), image('K2', 'a.jpg'), image('K3', 'a [K1].jpg'))).toEqual({
      K1: 'a [K1].jpg',
      K2: 'a [K2].jpg',
      K3: 'a [K1] [K3].jpg',
    })
    expect(named(image('K0', 'a [K1].jpg'), image('K1', 'a.jpg'), image('K2', 'a.jpg'))).toEqual({
      K0: 'a [K1] [K0].jpg',
      K1: 'a [K1].jpg',
      K2: 'a [K2].jpg',
    })
  })

  test('leaves one space before a suffix, and none where nothing but the suffix has room', () => {
    expect(named(image('K1', 'a .jpg'), image('K2', 'a .jpg'))).toEqual({ K1: 'a [K1].jpg', K2: 'a [K2].jpg' })
    const oneCharacter = `e${'\u0301'.repeat(98)}`
    expect(named(folder('A1', oneCharacter), folder('A2', oneCharacter))).toEqual({ A1: '[A1]', A2: '[A2]' })
  })

  test('names a file and a folder of one folder apart', () => {
    expect(named(folder('A1', 'Rome.zip'), image('K1', 'Rome.zip'))).toEqual({
      A1: 'Rome.zip [A1]',
      K1: 'Rome [K1].zip',
    })
  })

  test('leaves a given name to its owner, and suffixes what comes later', () => {
    expect(named({ ...image('K2', 'a.jpg'), given: 'a.jpg' }, image('K1', 'A.JPG'), image('K3', 'a.jpg'))).toEqual({
      K1: 'A [K1].JPG',
      K2: 'a.jpg',
      K3: 'a [K3].jpg',
    })
  })

  test('leaves a given name that older rules or another program made', () => {
    expect(named({ ...folder('A1', 'x'), given: 'Who is this?' })).toEqual({ A1: 'Who is this?' })
  })

  test.each(['..', '.', '', '. .', '../x', 'a/b', 'a\\b', 'C:', 'a:b', 'a\0', 'NUL', 'con.jpg', '.SMUGDL', '.smugdl.'])(
    'does not keep %j, given or not',
    (given) => {
      expect(Object.fromEntries(uniqueNames([{ ...image('K1', 'a.jpg'), given }], ['.smugdl']))).toEqual({
        K1: 'a.jpg',
      })
    },
  )

  test('lets the smallest key keep a name that two were given', () => {
    expect(named({ ...image('K2', 'b.jpg'), given: 'x.jpg' }, { ...image('K1', 'a.jpg'), given: 'X.jpg' })).toEqual({
      K1: 'X.jpg',
      K2: 'b.jpg',
    })
  })

  test('gives no name that is taken', () => {
    expect(Object.fromEntries(uniqueNames([folder('A1', 'Zip'), folder('A2', 'Rome')], ['zip', '.smugdl']))).toEqual({
      A1: 'Zip [A1]',
      A2: 'Rome',
    })
  })

  test('makes a label of a key that is no name', () => {
    const names = named(folder('../x', 'a'), folder('é', 'a'))
    expect(Object.values(names)).toEqual([
      expect.stringMatching(/^a \[[0-9a-f]{8}\]$/),
      expect.stringMatching(/^a \[[0-9a-f]{8}\]$/),
    ])
  })

  test('refuses two entries of one key', () => {
    expect(() => uniqueNames([image('K1', 'a'), image('K1', 'b')])).toThrow('the key K1')
  })

  test('names 20,000 images of one name', () => {
    const images = Array.from({ length: 20_000 }, (_, index) => image(`K${index}`, 'IMG_0001.JPG'))
    expect(new Set(uniqueNames(images).values()).size).toBe(20_000)
  })

  test('names entries legally and apart on every file system', () => {
    fc.assert(
      fc.property(folderOfEntries, taken, (entries, taken) => {
        const names = [...uniqueNames(entries, taken).values()]
        expect(names).toHaveLength(entries.length)
        expect(names.flatMap(objections)).toEqual([])
        expect(names.map((name) => safeName(name, 'OTHER'))).toEqual(names)
        for (const [system, file] of Object.entries(fileSystems)) {
          expect(new Set([...names, ...taken].map(file)).size, system).toBe(
            names.length + new Set(taken.map(file)).size,
          )
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('asks no order of the entries', () => {
    fc.assert(
      fc.property(shuffled, ([entries, others]) => {
        expect(Object.fromEntries(uniqueNames(others))).toEqual(Object.fromEntries(uniqueNames(entries)))
      }),
      { numRuns: 2000 },
    )
  })

  test('keeps what it gave, whatever comes and goes later', () => {
    fc.assert(
      fc.property(folderOfEntries, fc.nat(), taken, (entries, cut, taken) => {
        const some = entries.slice(0, cut % (entries.length + 1))
        const before = uniqueNames(some, taken)
        const after = uniqueNames(
          entries.map((entry) => ({ ...entry, given: before.get(entry.key) })),
          taken,
        )
        for (const [key, name] of before) expect(after.get(key)).toBe(name)
        expect(new Set([...after.values()].map(clashKey)).size).toBe(entries.length)
      }),
      { numRuns: 2000 },
    )
  })

  test('suffixes every member of a clash, and nothing where there is none', () => {
    fc.assert(
      fc.property(folderOfEntries, (entries) => {
        const plain = new Map(entries.map(({ key, displayName }) => [key, safeName(displayName, key)]))
        const clashing = [...Map.groupBy(plain, ([, name]) => clashKey(name)).values()].filter(
          ({ length }) => length > 1,
        )
        const names = uniqueNames(entries)
        if (clashing.length === 0) expect(names).toEqual(plain)
        for (const [key, name] of clashing.flat()) expect(names.get(key)).not.toBe(name)
      }),
      { numRuns: 1000 },
    )
  })

  test('makes as many real files as there are entries, each with its own bytes', async () => {
    const root = await mkdtemp(join(tmpdir(), 'smugdl-names-'))
    onTestFinished(() => rm(root, { recursive: true }))
    const samples = fc.sample(folderOfEntries, 60)
    for (const [index, entries] of samples.entries()) {
      const directory = await mkdtemp(join(root, `${index}-`))
      const names = uniqueNames(entries)
      for (const [key, name] of names) await writeFile(join(directory, name), key, { flag: 'wx' })
      expect((await readdir(directory)).sort()).toEqual([...names.values()].sort())
      for (const [key, name] of names) expect(await readFile(join(directory, name), 'utf8')).toBe(key)
    }
  })
})

function named(...entries: NamedEntry[]): Record<string, string> {
  return Object.fromEntries(uniqueNames(entries))
}

function image(key: string, displayName: string): NamedEntry {
  return { key, displayName, isFile: true }
}

function folder(key: string, displayName: string): NamedEntry {
  return { key, displayName, isFile: false }
}

const taken = fc.subarray(['.smugdl', 'zip', 'a', 'a [K1].jpg'])

/** Few keys, some of which differ by case alone, and display names that are made of them as well. */
const folderOfEntries = fc.uniqueArray(
  fc.record({
    key: fc.oneof(
      fc.constantFrom('K1', 'k1', 'K2', 'aBc1234', 'aBC1234', 'ABC1234', 'x'),
      fc.string({ minLength: 1, maxLength: 3 }),
    ),
    displayName: fc.oneof(
      nastyName,
      fc.constantFrom(
        'a.jpg',
        'A.jpg',
        'a.JPG',
        'a',
        'a [K1].jpg',
        'a [k1].jpg',
        'A [K2].jpg',
        'a [K1] [K2].jpg',
        'a [aBc1234].jpg',
        'zip',
        '',
      ),
      fc.constantFrom('1', '2', ' ').map((end) => 'x'.repeat(220) + end),
    ),
    isFile: fc.boolean(),
  }),
  { selector: ({ key }) => key, maxLength: 14 },
)

const shuffled = folderOfEntries.chain((entries) =>
  fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
)
