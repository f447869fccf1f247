import { copyFile, cp, link, mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { albumsBelow, foldersAbove, type World } from '../../src/simulator/world.ts'
import { pick } from './account.ts'
import { fileNames, nodeNames, type PersonStep } from './steps.ts'

let written = 0

/** Does at home what the step says, with any of `files` (paths in `output`). */
export async function act(step: PersonStep, output: string, files: readonly string[], world: World): Promise<void> {
  const file = 'file' in step ? pick(files, step.file) : undefined
  const path = file === undefined ? undefined : join(output, file)
  const place = 'place' in step ? join(output, pick(places(world), step.place) ?? '') : undefined
  written += 1
  switch (step.do) {
    case 'delete file':
      if (path) await rm(path)
      return
    case 'change file':
      if (path) await writeFile(path, `changed by hand ${written}`)
      return
    case 'touch file': {
      const at = Date.UTC(2025, 0, 1) / 1000 + written
      if (path) await utimes(path, at, at)
      return
    }
    case 'rename file':
      if (path) await rename(path, `${path}.renamed-${written}`)
      return
    case 'move file':
      // Not over anything, as a file manager would not.
      if (path && place && !place.startsWith(`${path}/`))
        await intoTheWay(place, async (to) => {
          await link(path, to)
          await rm(path)
        })
      return
    case 'move folder of file': {
      if (!path || dirname(path) === output) return
      const to = join(output, `${pick(nodeNames, step.name)} of mine`)
      const isFree = await stat(to).then(
        () => false,
        () => true,
      )
      if (isFree) await rename(dirname(path), to)
      return
    }
    case 'copy home':
      await copyWithoutTimes(output)
      return
    case 'replace file by a folder':
      if (!path) return
      await rm(path)
      await mkdir(path)
      await writeFile(join(path, 'mine.txt'), `mine ${written}`)
      return
    case 'delete folder of file':
      if (path && dirname(path) !== output) await rm(dirname(path), { recursive: true })
      return
    case 'write file':
      if (place) await intoTheWay(place, (to) => writeFile(to, `mine ${written}`, { flag: 'wx' }))
      return
    case 'copy file':
      if (path && place) await intoTheWay(place, (to) => copyFile(path, to, 1))
      return
    default:
      step satisfies never
  }
}

/** As `cp -r` leaves it on another disk. */
async function copyWithoutTimes(output: string): Promise<void> {
  const there = await stat(output).catch(() => undefined)
  if (there === undefined) return
  await cp(output, `${output}.copy`, { recursive: true, preserveTimestamps: false })
  await rm(output, { recursive: true })
  await rename(`${output}.copy`, output)
}

/** Names that pictures, albums and folders have or may come to have, and one that they never have. */
function places(world: World): string[] {
  const albums = [...albumsBelow(world.root)].map((album) =>
    [...foldersAbove(album).map(({ name }) => name), album.name].join('/'),
  )
  const keys = [...world.images.values()].map(({ key }) => `a [${key}].jpg`)
  return [
    'notes.txt',
    ...albums.flatMap((album) => [...fileNames, ...keys].map((name) => `${album}/${name}`)),
    ...albums,
    ...world.nodes.values().map(({ name }) => name || 'Rome'),
  ]
}

/** Where nothing is yet, and no file is in its own way. */
async function intoTheWay(place: string, put: (path: string) => Promise<void>): Promise<void> {
  try {
    await mkdir(dirname(place), { recursive: true })
    await put(place)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && ['EEXIST', 'ENOTDIR', 'EISDIR'].includes(String(error.code))))
      throw error
  }
}
