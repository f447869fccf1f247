import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Album, ExporterContext } from '../../src/exporter/index.ts'
import { albumRecord, type Described, folderRecord } from './album-record.ts'

type Context = Pick<ExporterContext, 'discard' | 'inspect' | 'listing' | 'log' | 'output' | 'state' | 'writeFile'>

/** What is remembered of a file: a digest of what it says, or that it is the user's; `due` when its album was looked at since. */
type Memory = { readonly says: string; readonly due: boolean }

/**
 * `album.json` in the folder of each album and `folder.json` in that of each folder: what SmugMug knows of them, and the order of the pictures,
 * which no file name tells. Written at the end of a run, where an album was looked at or its file is gone; one that would say the same, but
 * for times that move by themselves, is not written again, and one that is not ours is never touched.
 */
export function albumFiles(context: Context, directoryOf: (album: Album) => readonly string[], isWanted: boolean) {
  const { discard, inspect, listing, log, output, state } = context

  async function remembered(path: string): Promise<Memory> {
    return ((await state.get(`file ${path}`)) ?? { says: '', due: true }) as Memory
  }

  async function remember(path: string, memory: Memory | undefined): Promise<void> {
    await state.set(`file ${path}`, memory)
  }

  async function isDue(path: string): Promise<boolean> {
    const { due, says } = await remembered(path)
    const standing = due ? undefined : await inspect({ path }, 'quick')
    return standing !== 'ok' && !(standing === 'changed' && says === yours)
  }

  async function write(path: string, { raw, ...said }: Described): Promise<void> {
    const before = await remembered(path)
    const says = createHash('sha256').update(JSON.stringify(said)).digest('hex')
    const text = `${JSON.stringify({ ...said, raw }, undefined, 1)}\n`
    const standing = await standingOf(path)
    if (standing === 'changed' && !(await holds(join(output, path), text))) {
      if (before.says !== yours)
        log.warn(`"${path}" was not written by smugdl, or was changed since: it stays, and is yours.`)
      return remember(path, { says: yours, due: false })
    }
    if (standing !== 'ok' || before.says !== says) await context.writeFile(path.split('/'), text)
    await remember(path, { says, due: false })
  }

  /** A copy of the whole home has other times. */
  async function standingOf(path: string) {
    const standing = await inspect({ path }, 'quick')
    return standing === 'changed' ? inspect({ path }, 'full') : standing
  }

  async function leave(path: string): Promise<void> {
    if ((await standingOf(path)) === 'ok') await discard({ path })
    await remember(path, undefined)
  }

  /** Whether the album's folder is where it belongs by now; one that was left out of all runs has none. */
  async function isHere(album: Album): Promise<boolean> {
    return (await state.get(album.key)) === directoryOf(album).join('/')
  }

  /** Paths that would be of several albums, or folders: a template may give them one folder. */
  async function shared(): Promise<ReadonlySet<string>> {
    const owners = new Map<string, string>()
    const several = new Set<string>()
    for await (const { album } of listing()) {
      for (const { path, owner } of filesFor(album, directoryOf(album))) {
        if ((owners.get(path) ?? owner) !== owner) several.add(path)
        owners.set(path, owner)
      }
    }
    return several
  }

  async function writeAll(): Promise<ReadonlySet<string>> {
    const several = await shared()
    const paths = new Set<string>()
    for await (const listed of listing()) {
      const { album } = listed
      if (!(await isHere(album))) continue
      for (const { path, depth } of filesFor(album, directoryOf(album))) {
        if (several.has(path) || paths.has(path)) continue
        paths.add(path)
        if (await isDue(path))
          await write(path, depth === 'album' ? await albumRecord(listed) : folderRecord(album, depth))
      }
    }
    return paths
  }

  return {
    /** The album is looked at: the files about it may say something else from now on. */
    async outdated(album: Album): Promise<void> {
      for (const { path } of filesFor(album, directoryOf(album)))
        await remember(path, { ...(await remembered(path)), due: true })
    },

    /** What should be there is, and what nobody wants any more is not. */
    async settle(): Promise<void> {
      const before = ((await state.get('files')) ?? []) as readonly string[]
      const paths = isWanted ? await writeAll() : new Set<string>()
      const left = before.filter((path) => !paths.has(path))
      for (const path of left) if (!isWanted || (await isAlone(join(output, path)))) await leave(path)
      if (left.length > 0 || before.length !== paths.size) await state.set('files', [...paths])
    },
  }
}

/** The album's file, and those of the folders around it, outermost first, where the template gives them folders of their own. */
function filesFor(
  { folders, key }: Album,
  directory: readonly string[],
): { path: string; owner: string; depth: number | 'album' }[] {
  if (directory.length === 0) return []
  const around = folders.length + 1 === directory.length ? folders : []
  return [
    ...around.map(({ id }, depth) => ({
      path: [...directory.slice(0, depth + 1), 'folder.json'].join('/'),
      owner: id,
      depth,
    })),
    { path: [...directory, 'album.json'].join('/'), owner: key, depth: 'album' as const },
  ]
}

const yours = 'yours'

/** A file about an album that is elsewhere now, or gone, stays with whatever else is still there. */
async function isAlone(path: string): Promise<boolean> {
  const names = await readdir(dirname(path)).catch(() => [])
  return names.length <= 1
}

async function holds(path: string, text: string): Promise<boolean> {
  return (await readFile(path, 'utf8').catch(() => undefined)) === text
}
