import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { type Album, type ExporterContext, type ListedAlbum, withDigest } from '../../src/exporter/index.ts'
import { albumRecord, type Described, folderRecord } from './album-record.ts'

type Context = Pick<ExporterContext, 'discard' | 'inspect' | 'listing' | 'log' | 'output' | 'state' | 'writeFile'>

/** What is remembered of the file about an album or a folder: where it is, and a digest of what it says, or that it is the user's. */
type Memory = { readonly path: string; readonly says: string; readonly due: boolean }

/**
 * `album.json` in the folder of each album and `folder.json` in that of each folder: what SmugMug knows of them, and the order of the pictures,
 * which no file name shows. Written at the end of a run, where an album was looked at or its file is gone; one that would say the same, but
 * for times that move by themselves, is not written again, and one that is not ours is never touched.
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

  async function leave(path: string): Promise<void> {
    const standing = await standingOf(path)
    if (standing !== 'changed') await discard({ path })
  }

  /** Whether the album's folder is where it belongs by now; one that was left out of all runs has none. */
  async function isHere(album: Album): Promise<boolean> {
    return (await state.get(album.key)) === directoryOf(album).join('/')
  }

  /** Owners of folders that a template gives to several of them. */
  async function ambiguous(): Promise<ReadonlySet<string>> {
    const owners = new Map<string, Set<string>>()
    for await (const { album } of listing()) {
      for (const { directory, owner } of placesOf(album, directoryOf(album)))
        owners.set(directory, (owners.get(directory) ?? new Set()).add(owner))
    }
    return new Set([...owners.values()].filter(({ size }) => size > 1).flatMap((each) => [...each]))
  }

  async function writeAll(): Promise<ReadonlySet<string>> {
    const several = await ambiguous()
    const done = new Set<string>()
    for await (const listed of listing()) {
      const { album } = listed
      if (!(await isHere(album))) continue
      for (const { directory, owner, depth } of placesOf(album, directoryOf(album))) {
        if (several.has(owner) || done.has(owner)) continue
        const path = depth === 'album' ? await albumPath(listed, directory) : `${directory}/folder.json`
        // The user moved all that was in it: it need not come back for what is about it.
        if (!existsSync(join(output, posix.dirname(path)))) continue
        done.add(owner)
        if (!(await isDue(owner, path))) continue
        await write(owner, path, depth === 'album' ? await albumRecord(listed) : folderRecord(album, depth))
      }
    }
    return done
  }

  return {
    /** The album is looked at: the files about it may say something else from now on. */
    async outdated(album: Album): Promise<void> {
      for (const { owner } of placesOf(album, directoryOf(album))) {
        const before = await remembered(owner)
        if (before !== undefined) await state.set(`about ${owner}`, { ...before, due: true })
      }
    },

    /** What should be there is, and what nobody wants any more is not; what is about an album that is gone stays with its pictures. `prune` removes folders that are empty. */
    async settle(prune: () => Promise<void>): Promise<void> {
      const before = ((await state.get('described')) ?? []) as readonly string[]
      const owners = isWanted ? await writeAll() : new Set<string>()
      // Folders that were left are empty but for what is about them.
      await prune()
      const kept = [...owners]
      for (const owner of before) {
        const path = owners.has(owner) ? undefined : (await remembered(owner))?.path
        if (path === undefined) continue
        if (isWanted && !(await isAlone(join(output, path)))) kept.push(owner)
        else {
          await leave(path)
          await state.set(`about ${owner}`, undefined)
        }
      }
      if (kept.length !== before.length || kept.some((owner) => !before.includes(owner)))
        await state.set('described', kept)
    },
  }
}

/** The folders of the album and of the folders around it, outermost first, where a template gives them folders of their own. */
function placesOf(
  { folders, key }: Album,
  directory: readonly string[],
): { directory: string; owner: string; depth: number | 'album' }[] {
  if (directory.length === 0) return []
  const around = folders.length + 1 === directory.length ? folders : []
  return [
    ...around.map(({ id }, depth) => ({ directory: directory.slice(0, depth + 1).join('/'), owner: id, depth })),
    { directory: directory.join('/'), owner: key, depth: 'album' as const },
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
