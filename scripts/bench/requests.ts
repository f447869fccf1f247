import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import { type Album, type Image, World } from '../../src/simulator/world.ts'

/*
 * What each kind of run costs in requests and bytes, on an account of 60 albums in 12 folders with 20 pictures of 10 kB each: prints the
 * table of the README. Each row starts from a home that is up to date, and changes one thing.
 */
const program = join(import.meta.dirname, '../../dist/smugdl.mjs')
const folder = mkdtempSync(join(tmpdir(), 'smugdl-bench-'))

interface Case {
  name: string
  change?(world: World, home: string): void
  flags?: readonly string[]
}

const cases: readonly Case[] = [
  { name: 'first run' },
  { name: 'nothing new' },
  { name: 'one new picture', change: (world) => void world.addImage(albumOf(world), { size: 10_000 }) },
  { name: 'nothing new, everything listed again (`--full`)', flags: ['--full'] },
  {
    name: 'a picture replaced, seen with `--full`',
    change: (world) => world.replaceImage(imageOf(world), { size: 10_000 }),
    flags: ['--full'],
  },
  { name: 'an album renamed', change: (world) => world.rename(albumOf(world), 'Another name') },
  { name: 'an album moved to another folder', change: (world) => world.moveNode(albumOf(world), world.root) },
  {
    name: 'a picture collected into a second album',
    change: (world) => world.collect(imageOf(world), albumOf(world, 7)),
  },
  { name: 'a picture deleted on SmugMug', change: (world) => world.removeImage(imageOf(world)) },
  {
    name: 'a file deleted at home',
    change: (_world, home) => rmSync(join(home, 'Folder 3', 'Album 3', 'Picture 0.jpg')),
  },
  { name: 'a second exporter for the first time (`-e folder,zip`)', flags: ['-e', 'folder,zip'] },
]

try {
  const world = account()
  await using simulator = await simulate(world)
  console.log('| run | API requests | files downloaded | bytes downloaded |\n|---|---|---|---|')
  for (const { name, change, flags = [] } of cases) {
    const home = join(folder, 'home')
    change?.(world, home)
    const before = cost(simulator)
    await run(simulator, ['-o', home, '-q', ...flags])
    const after = cost(simulator)
    const [api, files, bytes] = [after.api - before.api, after.files - before.files, after.bytes - before.bytes]
    console.log(`| ${name} | ${api} | ${files} | ${bytes.toLocaleString('en')} |`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function account(): World {
  const world = new World()
  const folders = Array.from({ length: 12 }, (_, number) => world.addFolder({ name: `Folder ${number}` }))
  for (let number = 0; number < 60; number++) {
    const parent = folders[number % folders.length] ?? world.root
    const album = world.addAlbum({ name: `Album ${number}`, in: parent })
    for (let each = 0; each < 20; each++) world.addImage(album, { fileName: `Picture ${each}.jpg`, size: 10_000 })
  }
  return world
}

function albumOf(world: World, number = 5): Album {
  const album = [...world.albums.values()][number]
  if (album === undefined) throw new Error('no such album')
  return album
}

function imageOf(world: World): Image {
  const [image] = albumOf(world).images
  if (image === undefined) throw new Error('no such picture')
  return image
}

function cost({ requests }: Simulator): { api: number; files: number; bytes: number } {
  const media = requests.filter(({ kind }) => kind === 'media')
  return {
    api: requests.filter(({ kind }) => kind === 'api').length,
    files: media.length,
    bytes: media.reduce((sum, { bytesSent }) => sum + bytesSent, 0),
  }
}

async function run({ environment }: Simulator, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`smugdl ${args.join(' ')} ended with ${code}`)
}
