import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { ZipArchive } from 'archiver'
import { type Header, pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { cli } from '../../../src/cli/cli.ts'
import { testIo } from '../world.ts'

const plugin = (name: string) => `export default { name: '${name}', apiVersion: 1, create: () => ({ deliver() {} }) }`
const description = (name: string) => JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.mjs' })
const captioned = { 'index.mjs': plugin('captioned'), 'package.json': description('captioned') }

/** A folder for configuration and archives, in which `smugdl plugins` is run. */
async function surroundings() {
  const folder = await mkdtemp(join(tmpdir(), 'smugdl-add-archive-'))
  const plugins = join(folder, 'config/plugins')
  const smugdl = async (...args: string[]) => {
    const io = testIo({ env: { SMUGDL_CONFIG_DIR: join(folder, 'config') }, cwd: folder })
    const code = await cli(['plugins', ...args], { io, secrets: new Set() })
    return { code, out: io.out(), err: io.err() }
  }
  return {
    folder,
    add: (archive: string) => smugdl('add', archive),
    list: () => smugdl('list'),
    installed: async () => (existsSync(plugins) ? (await readdir(plugins, { recursive: true })).sort() : []),
  }
}

type Entry = Partial<Header> & { name: string; text?: string }

async function writeTar(path: string, entries: readonly Entry[]): Promise<void> {
  const tar = pack()
  const written = pipeline(
    tar as unknown as NodeJS.ReadableStream,
    ...(path.endsWith('gz') ? [createGzip()] : []),
    createWriteStream(path),
  )
  for (const { text, ...header } of entries) tar.entry(header, text ?? '')
  tar.finalize()
  await written
}

async function writeZip(
  path: string,
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>> = {},
) {
  const zip = new ZipArchive({ zlib: { level: 9 } })
  const file = createWriteStream(path)
  zip.pipe(file)
  for (const [name, text] of Object.entries(files)) zip.append(text, { name })
  for (const [name, target] of Object.entries(links)) zip.symlink(name, target)
  await zip.finalize()
  await once(file, 'close')
}

/** Of a file below a folder. */
const below = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))
const entriesOf = (files: Readonly<Record<string, string>>): Entry[] =>
  Object.entries(files).map(([name, text]) => ({ name, text }))

describe('smugdl plugins add', () => {
  it.each([
    ['a folder, as Finder zips it', 'captioned.zip', { ...below('captioned', captioned), '__MACOSX/._captioned': 'x' }],
    ['the files alone', 'captioned.zip', captioned],
    ['a folder with the branch in its name, as GitHub zips it', 'main.zip', below('captioned-main', captioned)],
    ['what npm pack makes', 'captioned-1.0.0.tgz', below('package', captioned)],
    ['a tar that is not packed', 'captioned.tar', below('./captioned', captioned)],
  ])('takes an archive of %s', async (_, archive, files) => {
    const { folder, add, installed } = await surroundings()
    const path = join(folder, archive)
    await (archive.endsWith('zip') ? writeZip(path, files) : writeTar(path, entriesOf(files)))
    expect(await add(archive)).toMatchObject({ code: 0, out: expect.stringContaining('-e folder,captioned') })
    expect(await installed()).toEqual(['captioned', 'captioned/index.mjs', 'captioned/package.json'])
    expect(await add(archive)).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is an exporter captioned'),
    })
  })

  it('is what smugdl plugins list says of an archive that only lies in the plugins folder', async () => {
    const { folder, add, list } = await surroundings()
    await writeTar(join(folder, 'x.tgz'), [{ name: 'plain.mjs', text: plugin('plain') }])
    await add('x.tgz')
    const archive = join(folder, 'config/plugins/x.tgz')
    await rename(join(folder, 'x.tgz'), archive)
    expect((await list()).err).toBe(`An archive is no plugin yet: smugdl plugins add ${archive}\n`)
  })

  it('takes an archive of one file', async () => {
    const { folder, add, installed } = await surroundings()
    await writeTar(join(folder, 'x.tar.gz'), [{ name: 'plain.mjs', text: plugin('plain') }])
    expect((await add('x.tar.gz')).code).toBe(0)
    expect(await installed()).toEqual(['plain.mjs'])
  })

  const large = 'x'.repeat(1_000_000)
  it.each<[string, Entry[], string]>([
    ['a path that leads out', [{ name: '../evil.mjs', text: 'x' }], 'outside'],
    ['a path from the root', [{ name: '/tmp/evil.mjs', text: 'x' }], 'outside'],
    ['a path of Windows', [{ name: 'a\\..\\..\\evil.mjs', text: 'x' }], 'outside'],
    ['a link', [{ name: 'index.mjs', type: 'symlink', linkname: '/etc/passwd' }], 'is a link'],
    ['a hard link', [{ name: 'index.mjs', type: 'link', linkname: '/etc/passwd' }], 'is a link'],
    ['a device', [{ name: 'index.mjs', type: 'character-device' }], 'is a link or a device'],
    [
      'two files of one name',
      [
        { name: 'a.mjs', text: 'x' },
        { name: './a.mjs', text: 'y' },
      ],
      'two files called a.mjs',
    ],
    ['a bomb', Array.from({ length: 101 }, (_, i) => ({ name: `${i}.mjs`, text: large })), 'more than 100 MB'],
    ['no plugin', [{ name: 'readme.txt', text: 'x' }], 'There is no plugin in the archive'],
    ['several', entriesOf({ 'a.mjs': plugin('a'), 'b.mjs': plugin('b') }), 'Unpack it, and add one: a, b'],
  ])('refuses a tar with %s, and keeps nothing of it', async (_, entries, sentence) => {
    const { folder, add, installed } = await surroundings()
    await writeTar(join(folder, 'evil.tgz'), entries)
    const { code, err } = await add('evil.tgz')
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)])
    expect(err).toContain('evil.tgz')
    expect(await installed()).toEqual([])
    expect((await readdir(folder)).sort()).toEqual(['config', 'evil.tgz'])
  })

  it('refuses a ZIP file with a link, a path that leads out, a bomb, and one that is cut short', async () => {
    const { folder, add, installed } = await surroundings()
    const path = join(folder, 'evil.zip')
    const refused = async (sentence: string) => {
      const { code, err } = await add('evil.zip')
      expect([code, err]).toEqual([2, expect.stringContaining(sentence)])
    }
    await writeZip(path, captioned, { linked: '/etc/passwd' })
    await refused('linked is a link')
    await writeZip(path, { 'xx/evil.mjs': 'x' })
    const climbing = (await readFile(path, 'latin1')).replaceAll('xx/evil', '../evil')
    await writeFile(path, climbing, 'latin1')
    await refused('outside')
    await writeZip(path, { 'big.mjs': 'x'.repeat(101_000_000) })
    await refused('times its size')
    await writeFile(path, (await readFile(path)).subarray(0, 1000))
    await refused('no ZIP archive')
    await writeFile(join(folder, 'torn.tgz'), 'no archive')
    expect((await add('torn.tgz')).code).toBe(2)
    expect((await add('nowhere.tgz')).code).toBe(2)
    expect(await installed()).toEqual([])
  })
})
