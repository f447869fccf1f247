import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { type Album, type ExporterContext, type ListedAlbum, withDigest } from '../../src/exporter/index.ts'
import { albumRecord, type Described, folderRecord } from './album-record.ts'

type Context = Pick<ExporterContext, 'discard' | 'inspect' | 'listing' | 'log' | 'output' | 'state' | 'writeFile'>

/** The record of the file about an album or a folder: its path, and a digest of its content, or that it is the user's. */
type Memory = { readonly path: string; readonly says: string; readonly due: boolean }

/**
 * `album.json` in the folder of each album and `folder.json` in that of each folder, or below `albums/` where a template gives them none of
 * their own: SmugMug's data about them, and the order of the pictures, which no file name shows. Written at the end of a run if the album was
 * processed or its file is gone. A file whose content would be the same, except for times that change by themselves, is not written again, and
 * one that is not ours is never touched.
 */
export function albumFiles(context: Context, directoryOf: (album: Album) => readonly string[], isWanted: boolean) {
  const { discard, inspect, listing, log, output, state } = context

  async function remembered(owner: string): Promise<Memory | undefined> {
    return (await state.get(`about ${owner}`)) as Memory | undefined
  }

  async function isDue(owner: string, path: string): Promise<boolean> {
    const before = await remembered(owner)
    if (before === undefined || before.due || before.path !== path) return true
    const standing = await inspect({ path }, 'quick')
    return standing !== 'ok' && !(standing === 'changed' && before.says === yours)
  }

  async function write(owner: string, path: string, { raw, ...said }: Described): Promise<void> {
    const before = await remembered(owner)
    if (before !== undefined && before.path !== path) await leave(before.path)
    const says = createHash('sha256').update(JSON.stringify(said)).digest('hex')
    const text = withDigest(`${JSON.stringify({ ...said, raw }, undefined, 1)}\n`)
    const standing = await standingOf(path)
    if (standing === 'changed' && !(await hasText(join(output, path), text))) {
      if (before?.says !== yours)
        log.warn(`"${path}" was not written by smugdl, or was changed since: it stays, and is yours.`)
      return state.set(`about ${owner}`, { path, says: yours, due: false })
    }
    if (standing !== 'ok' || before?.says !== says) await context.writeFile(path.split('/'), text)
    await state.set(`about ${owner}`, { path, says, due: false })
  }

  /** A copy of the whole home has other times. */
  async function standingOf(path: string) {
    const standing = await inspect({ path }, 'quick')
    return standing === 'changed' ? inspect({ path }, 'full') : standing
  }

  /** Returns whether there was a file of ours. */
  async function leave(path: string): Promise<boolean> {
    const standing = await standingOf(path)
    if (standing !== 'changed') await discard({ path })
    return standing === 'ok' || standing === 'damaged'
  }

  /** Whether the album's folder is in its place already; an album excluded from all runs has none. */
  async function isHere({ album, images }: ListedAlbum): Promise<boolean> {
    const directory = directoryOf(album).join('/')
    const known = await state.get(album.key)
    if (known !== undefined || directory !== '') return known === directory
    for await (const { deliveries } of images()) if (deliveries.folder !== undefined) return true
    return false
  }

  /** Owners of folders that a template assigns to several albums or folders. */
  async function ambiguous(): Promise<ReadonlySet<string>> {
    const owners = new Map<string, Set<string>>()
    for await (const { album } of listing()) {
      for (const { directory, owner } of placesOf(album, directoryOf(album)))
        if (directory !== undefined) owners.set(directory, (owners.get(directory) ?? new Set()).add(owner))
    }
    return new Set([...owners.values()].filter(({ size }) => size > 1).flatMap((each) => [...each]))
  }

  async function writeAll(): Promise<ReadonlySet<string>> {
    const several = await ambiguous()
    const done = new Set<string>()
    for await (const listed of listing()) {
      const { album } = listed
      if (!(await isHere(listed))) continue
      for (const { directory, owner, depth, apart } of placesOf(album, directoryOf(album))) {
        if (done.has(owner)) continue
        const own = several.has(owner) ? undefined : directory
        const name = depth === 'album' ? 'album.json' : 'folder.json'
        const path = depth === 'album' && own !== undefined ? await albumPath(listed, own) : `${own ?? apart}/${name}`
        // The user moved everything in it: it need not be created again for this file.
        if (own !== undefined && !existsSync(join(output, posix.dirname(path)))) continue
        done.add(owner)
        if (!(await isDue(owner, path))) continue
        await write(owner, path, depth === 'album' ? await albumRecord(listed) : folderRecord(album, depth))
      }
    }
    return done
  }

  return {
    /** Marks the album as processed: the files about it may have to change. */
    async outdated(album: Album): Promise<void> {
      for (const { owner } of placesOf(album, directoryOf(album))) {
        const before = await remembered(owner)
        if (before !== undefined) await state.set(`about ${owner}`, { ...before, due: true })
      }
    },

    /** Writes missing or outdated files and removes unwanted ones; that of a gone album stays with its pictures. `prune` removes empty folders. */
    async settle(prune: () => Promise<void>): Promise<void> {
      const before = ((await state.get('described')) ?? []) as readonly string[]
      const owners = isWanted ? await writeAll() : new Set<string>()
      // Abandoned folders are empty except for the file about them.
      await prune()
      const kept = [...owners]
      let unwanted = 0
      for (const owner of before) {
        const path = owners.has(owner) ? undefined : (await remembered(owner))?.path
        if (path === undefined) continue
        if (isWanted && (isApart(path) || !(await isAlone(join(output, path))))) kept.push(owner)
        else {
          const isLeft = await leave(path)
          if (isLeft && !isWanted) unwanted += 1
          await state.set(`about ${owner}`, undefined)
        }
      }
      if (kept.length !== before.length || kept.some((owner) => !before.includes(owner)))
        await state.set('described', kept)
      if (unwanted > 0)
        log.warn(`albumFile=none: ${unwanted} album.json and folder.json went to the trash (.smugdl/trash).`)
    },
  }
}

/** Files about albums or folders without a folder of their own are below this one, by their names on SmugMug. */
const apartFolder = 'albums'

function isApart(path: string): boolean {
  return path.startsWith(`${apartFolder}/`)
}

interface OwnPlace {
  readonly owner: string
  /** For a folder, its distance from the root. */
  readonly depth: number | 'album'
  /** Undefined if the template gives it none. */
  readonly directory: string | undefined
  readonly apart: string
}

/** The folders around the album, outermost first, and the album. */
function placesOf({ folders, key, directory: named }: Album, directory: readonly string[]): OwnPlace[] {
  const isNested = folders.length + 1 === directory.length
  const apart = (depth: number) => [apartFolder, ...named.slice(0, depth)].join('/')
  return [
    ...folders.map(({ id }, depth) => ({
      owner: id,
      depth,
      directory: isNested ? directory.slice(0, depth + 1).join('/') : undefined,
      apart: apart(depth + 1),
    })),
    {
      owner: key,
      depth: 'album' as const,
      directory: directory.length === 0 ? undefined : directory.join('/'),
      apart: apart(named.length),
    },
  ]
}

/** In the album's folder, or where the user moved its pictures. */
async function albumPath({ images }: ListedAlbum, directory: string): Promise<string> {
  let elsewhere: string | undefined
  for await (const { deliveries } of images()) {
    const path = deliveries.folder?.delivery.path
    if (path === undefined) continue
    if (path.startsWith(`${directory}/`)) return `${directory}/album.json`
    elsewhere ??= posix.dirname(path)
  }
  return elsewhere === undefined || elsewhere === '.' ? `${directory}/album.json` : `${elsewhere}/album.json`
}

const yours = 'yours'

async function hasText(path: string, text: string): Promise<boolean> {
  return (await readFile(path, 'utf8').catch(() => undefined)) === text
}

async function isAlone(path: string): Promise<boolean> {
  const names = await readdir(posix.dirname(path)).catch(() => [])
  return names.length <= 1
}
