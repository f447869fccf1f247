import { lstat, mkdir, readdir, readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Destination } from '../../../src/engine/files/destination.ts'
import { type FileProof, inspectFile } from '../../../src/engine/files/proof.ts'
import { Trash } from '../../../src/engine/files/trash.ts'
import { type TestFolder, testFolder } from '../folder.ts'

interface AtHome extends TestFolder {
  home: Destination
  /** Folders whose entries changed, relative to the root. */
  touched: Set<string>
  put(path: string, text: string, old?: FileProof[], movable?: boolean): Promise<FileProof>
  read(path: string): Promise<string>
}

const now = Date.UTC(2026, 10, 29)
const today = '.smugdl/trash/2026-11-29'

async function atHome(): Promise<AtHome> {
  const folder = await testFolder()
  const touched = new Set<string>()
  const home = new Destination(folder.staging, new Trash(folder.path, now), (path) =>
    touched.add(relative(folder.path, path)),
  )
  return {
    ...folder,
    home,
    touched,
    async put(path, text, old = [], movable = true) {
      return home.put(await folder.incoming(text, movable), { root: folder.path, path, fallback: beside(path), old })
    },
    read: (path) => readFile(folder.at(path), 'utf8'),
  }
}

const beside = (path: string) => path.replace('.jpg', ' [key].jpg')
const left = async ({ staging }: AtHome) => readdir(staging.folder)

describe('put', () => {
  test('moves the bytes to their name, makes folders, and proves what it did', async () => {
    await using folder = await atHome()
    const proof = await folder.put('a/b/c.jpg', 'ours')
    expect(proof).toMatchObject({ path: 'a/b/c.jpg', size: 4 })
    expect(await folder.read('a/b/c.jpg')).toBe('ours')
    expect(await inspectFile(folder.path, proof, 'full')).toBe('ok')
    expect(await left(folder)).toEqual([])
    expect(folder.touched).toEqual(new Set(['', 'a', 'a/b']))
  })

  test('copies what others need yet', async () => {
    await using folder = await atHome()
    const incoming = await folder.incoming('ours', false)
    await folder.home.put(incoming, { root: folder.path, path: 'a.jpg', fallback: beside('a.jpg') })
    await writeFile(incoming.path, 'changed in staging')
    expect(await folder.read('a.jpg')).toBe('ours')
  })

  test('gives the time that is asked for', async () => {
    await using folder = await atHome()
    const time = Date.UTC(2019, 6, 3)
    const proof = await folder.home.put(await folder.incoming('ours'), {
      root: folder.path,
      path: 'a.jpg',
      modifiedMs: time,
    })
    expect(proof.modifiedMs).toBe(time)
    expect((await lstat(folder.at('a.jpg'))).mtimeMs).toBe(time)
  })

  test('replaces what we wrote, when it is as we left it', async () => {
    await using folder = await atHome()
    const old = await folder.put('a.jpg', 'first')
    await folder.put('a.jpg', 'second', [old])
    expect(await folder.read('a.jpg')).toBe('second')
    expect(await readdir(folder.path)).toEqual(['.smugdl', 'a.jpg'])
    expect(await folder.read(`${today}/a.jpg`)).toBe('first')
  })

  test('keeps each version of a day in the trash', async () => {
    await using folder = await atHome()
    const first = await folder.put('a/b.jpg', 'first')
    const second = await folder.put('a/b.jpg', 'second', [first])
    await folder.put('a/c.jpg', 'third', [second])
    expect(await readdir(folder.at('a'))).toEqual(['c.jpg'])
    expect((await readdir(folder.at(`${today}/a`))).sort()).toEqual(['b (2).jpg', 'b.jpg'])
    expect([await folder.read(`${today}/a/b.jpg`), await folder.read(`${today}/a/b (2).jpg`)]).toEqual([
      'first',
      'second',
    ])
  })

  test('keeps an earlier version once, when a kill came before the next one had its name', async () => {
    await using folder = await atHome()
    const old = await folder.put('a.jpg', 'first')
    await new Trash(folder.path, now).keep(folder.at('a.jpg'))
    await folder.put('a.jpg', 'second', [old])
    expect(await readdir(folder.at(today))).toEqual(['a.jpg'])
    expect([await folder.read('a.jpg'), await folder.read(`${today}/a.jpg`)]).toEqual(['second', 'first'])
  })

  test('keeps what has rotted, too, and not what is the same', async () => {
    await using folder = await atHome()
    const old = await folder.put('a.jpg', 'first')
    await folder.put('b.jpg', 'first', [old])
    await expect(readdir(folder.at('.smugdl/trash'))).rejects.toThrow('ENOENT')
    const sound = await folder.put('c.jpg', 'ours')
    await folder.write('c.jpg', 'OURS')
    await utimes(folder.at('c.jpg'), new Date(sound.modifiedMs), new Date(sound.modifiedMs))
    const { mtimeMs } = await lstat(folder.at('c.jpg'))
    await folder.put('c.jpg', 'ours', [{ ...sound, modifiedMs: mtimeMs }])
    expect([await folder.read('c.jpg'), await folder.read(`${today}/c.jpg`)]).toEqual(['ours', 'OURS'])
  })

  test('takes what is the same already, at the time that it has now', async () => {
    await using folder = await atHome()
    const old = await folder.put('a.jpg', 'ours')
    await utimes(folder.at('a.jpg'), 1, 1)
    const proof = await folder.put('a.jpg', 'ours', [old])
    expect(await inspectFile(folder.path, proof, 'quick')).toBe('ok')
    expect(proof.modifiedMs).toBe(1000)
  })

  test('keeps nothing of what is made again of what is at home', async () => {
    await using folder = await atHome()
    const old = await folder.put('list.json', '[1]')
    const incoming = await folder.incoming('[1, 2]')
    await folder.home.put(incoming, { root: folder.path, path: 'list.json', old: [old], remade: true })
    expect(await folder.read('list.json')).toBe('[1, 2]')
    await expect(readdir(folder.at('.smugdl/trash'))).rejects.toThrow('ENOENT')
  })

  const inTheWay: Record<string, (folder: AtHome) => Promise<void>> = {
    'other bytes': (folder) => folder.write('a.jpg', 'mine'),
    'bytes of the same length': (folder) => folder.write('a.jpg', 'hers'),
    'a folder': async (folder) => void (await mkdir(folder.at('a.jpg'))),
    'a link': (folder) => symlink('/nowhere', folder.at('a.jpg')),
    'a link to the same bytes': async (folder) => {
      await folder.write('elsewhere', 'ours')
      await symlink(folder.at('elsewhere'), folder.at('a.jpg'))
    },
  }
  for (const [what, make] of Object.entries(inTheWay))
    test(`leaves ${what} of somebody else’s alone and goes beside`, async () => {
      await using folder = await atHome()
      await make(folder)
      const before = await lstat(folder.at('a.jpg'))
      for (const movable of [true, false]) {
        const proof = await folder.put('a.jpg', 'ours', [], movable)
        expect(proof.path).toBe('a [key].jpg')
      }
      expect(await folder.read('a [key].jpg')).toBe('ours')
      expect(await lstat(folder.at('a.jpg'))).toMatchObject({
        ino: before.ino,
        mtimeMs: before.mtimeMs,
        size: before.size,
      })
    })

  test('leaves what we wrote alone when the user changed it since', async () => {
    await using folder = await atHome()
    const old = await folder.put('a.jpg', 'first')
    await folder.write('a.jpg', 'retouched')
    expect((await folder.put('a.jpg', 'second', [old])).path).toBe('a [key].jpg')
    expect(await folder.read('a.jpg')).toBe('retouched')
  })

  test('takes the same bytes as they are', async () => {
    await using folder = await atHome()
    await folder.write('a.jpg', 'ours')
    const { ino } = await lstat(folder.at('a.jpg'))
    const proof = await folder.put('a.jpg', 'ours')
    expect(proof).toMatchObject({ path: 'a.jpg', size: 4 })
    expect((await lstat(folder.at('a.jpg'))).ino).toBe(ino)
  })

  test('fails with a way out when both names are taken, and leaves no copy behind', async () => {
    await using folder = await atHome()
    await folder.write('a.jpg', 'mine')
    await folder.write('a [key].jpg', 'mine too')
    const incoming = await folder.incoming('ours', false)
    const failed = folder.home.put(incoming, { root: folder.path, path: 'a.jpg', fallback: beside('a.jpg') })
    await expect(failed).rejects.toMatchObject({ kind: 'item', next: expect.stringContaining('Move one of them') })
    expect(await left(folder)).toEqual([relative(folder.staging.folder, incoming.path)])
    expect([await folder.read('a.jpg'), await folder.read('a [key].jpg')]).toEqual(['mine', 'mine too'])
  })

  test('fails where a file stands in place of a folder', async () => {
    await using folder = await atHome()
    await folder.write('a', 'mine')
    await expect(folder.put('a/b.jpg', 'ours')).rejects.toMatchObject({ code: 'EEXIST', path: folder.at('a') })
    expect(await folder.read('a')).toBe('mine')
  })

  test('makes a folder again that somebody removed meanwhile', async () => {
    await using folder = await atHome()
    await folder.put('a/b.jpg', 'one')
    await rename(folder.at('a'), folder.at('z'))
    await folder.put('a/c.jpg', 'two')
    expect(await folder.read('a/c.jpg')).toBe('two')
  })
})

test('a folder that somebody else has made is made durable as well, once', async () => {
  await using folder = await atHome()
  await mkdir(folder.at('a/b'), { recursive: true })
  await folder.put('a/b/c.jpg', 'ours')
  expect(folder.touched).toEqual(new Set(['', 'a', 'a/b']))
  folder.touched.clear()
  await folder.put('a/b/d.jpg', 'ours')
  expect(folder.touched).toEqual(new Set(['a/b']))
})

describe('move', () => {
  test('takes a file to another place, and the folders that it leaves empty', async () => {
    await using folder = await atHome()
    const proof = await folder.put('a/b/c.jpg', 'ours')
    folder.touched.clear()
    const moved = await folder.home.move(proof, { root: folder.path, path: 'd/c.jpg', fallback: beside('d/c.jpg') })
    expect(moved).toEqual({ ...proof, path: 'd/c.jpg' })
    expect(await inspectFile(folder.path, moved, 'full')).toBe('ok')
    expect(folder.touched).toEqual(new Set(['a/b', 'd', '']))
    await folder.home.close()
    expect(await readdir(folder.path)).toEqual(['.smugdl', 'd'])
  })

  test('keeps a folder that holds anything else', async () => {
    await using folder = await atHome()
    const proof = await folder.put('a/b.jpg', 'ours')
    await folder.write('a/notes.txt', 'mine')
    await folder.home.move(proof, { root: folder.path, path: 'd/b.jpg' })
    await folder.home.close()
    expect(await readdir(folder.at('a'))).toEqual(['notes.txt'])
  })

  test('goes over nothing', async () => {
    await using folder = await atHome()
    const proof = await folder.put('a.jpg', 'ours')
    await folder.write('b.jpg', 'mine')
    expect((await folder.home.move(proof, { root: folder.path, path: 'b.jpg', fallback: 'b [key].jpg' })).path).toBe(
      'b [key].jpg',
    )
    expect(await folder.read('b.jpg')).toBe('mine')
  })

  test('stays where it is when it is there already, under either name', async () => {
    await using folder = await atHome()
    const proof = await folder.put('b [key].jpg', 'ours')
    await folder.write('b.jpg', 'mine')
    expect(await folder.home.move(proof, { root: folder.path, path: 'b.jpg', fallback: 'b [key].jpg' })).toEqual(proof)
    expect(await folder.home.move(proof, { root: folder.path, path: 'b [key].jpg', fallback: 'x' })).toEqual(proof)
  })
})

describe('discard', () => {
  test('moves what we wrote into the trash', async () => {
    await using folder = await atHome()
    const proof = await folder.put('a/b.jpg', 'ours')
    await folder.home.discard(folder.path, proof)
    await folder.home.close()
    expect(await readdir(folder.path)).toEqual(['.smugdl'])
    expect(await readFile(folder.at(`${today}/a/b.jpg`), 'utf8')).toBe('ours')
  })

  test('loses nothing when the trash has a file of that name', async () => {
    await using folder = await atHome()
    for (const text of ['one', 'two']) await folder.home.discard(folder.path, await folder.put('b.jpg', text))
    const texts = await Promise.all((await readdir(folder.at(today))).map((name) => folder.read(`${today}/${name}`)))
    expect(texts.sort()).toEqual(['one', 'two'])
  })

  test('leaves alone what the user changed', async () => {
    await using folder = await atHome()
    const proof = await folder.put('b.jpg', 'ours')
    await folder.write('b.jpg', 'retouched')
    await expect(folder.home.discard(folder.path, proof)).rejects.toMatchObject({ kind: 'item' })
    expect(await folder.read('b.jpg')).toBe('retouched')
  })

  test('has nothing to do when it is gone', async () => {
    await using folder = await atHome()
    const proof = await folder.put('b.jpg', 'ours')
    await rename(folder.at('b.jpg'), folder.at('elsewhere.jpg'))
    await folder.home.discard(folder.path, proof)
    expect(await folder.read('elsewhere.jpg')).toBe('ours')
  })
})

describe('inspectFile', () => {
  const states: [string, (folder: AtHome, proof: FileProof) => Promise<unknown>, string, string][] = [
    ['untouched', async () => {}, 'ok', 'ok'],
    ['gone', (folder) => rename(folder.at('a.jpg'), folder.at('b.jpg')), 'missing', 'missing'],
    ['longer', (folder) => folder.write('a.jpg', 'ours and more'), 'changed', 'changed'],
    [
      'copied by a program that keeps milliseconds',
      (folder, { modifiedMs }) => utimes(folder.at('a.jpg'), modifiedMs / 1000, (modifiedMs + 0.4) / 1000),
      'ok',
      'ok',
    ],
    [
      'touched two milliseconds later',
      (folder, { modifiedMs }) => utimes(folder.at('a.jpg'), modifiedMs / 1000, (modifiedMs + 2) / 1000),
      'changed',
      'ok',
    ],
    ['touched', (folder) => utimes(folder.at('a.jpg'), 5, 5), 'changed', 'ok'],
    [
      'rotten: other bytes, the same size and time',
      async (folder, { modifiedMs }) => {
        await folder.write('a.jpg', 'ouRs')
        await utimes(folder.at('a.jpg'), modifiedMs / 1000, modifiedMs / 1000)
      },
      'ok',
      'damaged',
    ],
    [
      'edited: other bytes of the same size, another time',
      async (folder) => {
        await folder.write('a.jpg', 'hers')
        await utimes(folder.at('a.jpg'), 5, 5)
      },
      'changed',
      'changed',
    ],
    [
      'a link now',
      async (folder) => {
        await rename(folder.at('a.jpg'), folder.at('b.jpg'))
        await symlink(folder.at('b.jpg'), folder.at('a.jpg'))
      },
      'changed',
      'changed',
    ],
  ]
  test.each(states)('a file that is %s', async (_, change, quick, full) => {
    await using folder = await atHome()
    const incoming = await folder.incoming('ours')
    const proof = await folder.home.put(incoming, { root: folder.path, path: 'a.jpg', modifiedMs: 1_700_000_000_000 })
    await change(folder, proof)
    expect([await inspectFile(folder.path, proof, 'quick'), await inspectFile(folder.path, proof, 'full')]).toEqual([
      quick,
      full,
    ])
  })

  test('a file whose folder is a file now is missing', async () => {
    await using folder = await atHome()
    const proof = await folder.put('a/b.jpg', 'ours')
    await rename(dirname(folder.at('a/b.jpg')), folder.at('z'))
    await folder.write('a', 'mine')
    expect(await inspectFile(folder.path, proof, 'quick')).toBe('missing')
  })
})

describe('create', () => {
  test('gives a file its name when it is complete, and never before', async () => {
    await using folder = await atHome()
    const file = await folder.home.create((ready) => folder.home.put(ready, { root: folder.path, path: 'list.json' }))
    await file.write('one ')
    await file.write(Buffer.from('two'))
    expect(await readdir(folder.path)).toEqual(['.smugdl'])
    const proof = await file.commit()
    expect(await folder.read('list.json')).toBe('one two')
    expect(await inspectFile(folder.path, proof as FileProof, 'full')).toBe('ok')
    expect(await left(folder)).toEqual([])
  })

  test('leaves nothing when it is given up', async () => {
    await using folder = await atHome()
    const file = await folder.home.create(() => Promise.reject(new Error('never')))
    await file.write('one')
    await file.abort()
    expect(await left(folder)).toEqual([])
  })
})
