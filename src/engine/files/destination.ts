import { constants } from 'node:fs'
import { copyFile, mkdir, rmdir } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { SmugdlError } from '../../error.ts'
import { clashKey } from '../../exporter/clash-key.ts'
import { splitExtension } from '../../exporter/safe-name.ts'
import type { NewFile } from '../../exporter/types.ts'
import { syncFile } from './fsync.ts'
import { hashOf } from './hash.ts'
import type { Incoming } from './incoming.ts'
import { isBelow } from './is-below.ts'
import { NameLimit } from './name-limit.ts'
import { copyBeside, isOtherDisk, renameAnywhere, setTime } from './other-disk.ts'
import { type FileProof, isIntact, isStillOurs, proofOf } from './proof.ts'
import { link, remove, rename, unlink } from './quick-disk-calls.ts'
import { isSameFile, linked, statOf, withoutLinks } from './same-file.ts'
import { scratchFile } from './scratch-file.ts'
import type { Staging } from './staging.ts'
import type { Trash } from './trash.ts'

/** Where bytes are to be put. */
export interface Place {
  /** Absolute. */
  root: string
  /** Relative to `root`, with `/`. */
  path: string
  /** Used if something else is at `path`; no fallback if absent. */
  fallback?: string
  /** What we wrote for it earlier: may be replaced. */
  old?: readonly FileProof[]
  /** The time that the file gets, in milliseconds since 1970; its own if absent. */
  modifiedMs?: number | undefined
  /** Whether a path belongs to another file, although nothing is there yet. */
  isTaken?(path: string): boolean
  /** An archive or a list made from what is at home: its earlier version is removed, not moved to the trash. */
  remade?: boolean
}

/**
 * Writes to the output. Nothing is ever replaced or removed unless it is proven to be what we wrote.
 * `touched` is called for each folder whose entries changed, and makes them durable before anything is recorded (`Recorder`).
 */
export class Destination {
  readonly #staging: Staging
  readonly #trash: Trash
  readonly #touched: (folder: string) => void
  /** Folders that existed at the last look. */
  readonly #known = new Set<string>()
  /** Folders from which something was removed, each with its root. */
  readonly #left = new Map<string, string>()
  /** Functions that abort the files that exporters are writing. */
  readonly #unfinished = new Set<() => Promise<void>>()
  readonly #announce: (path: string) => Promise<void>
  /** Maximum length of names here. */
  readonly names: NameLimit
  /** Number of files whose time could not be set, because the disk does not store it. */
  untimed = 0
  /** Number of files that were replaced and are now in the trash. */
  replaced = 0

  constructor(staging: Staging, trash: Trash, touched: (folder: string) => void) {
    this.#staging = staging
    this.#trash = trash
    this.#touched = touched
    this.#announce = (path) => staging.announceBeside(path)
    this.names = new NameLimit(staging.folder)
  }

  /**
   * Puts bytes under `root/path`, which may be free or hold one of `old` (what we wrote earlier). Anything else there stays: if it has the
   * same bytes, it is used as it is; otherwise the fallback is used, as for a path that `isTaken`. Other bytes of
   * `old` go to the trash, unless they are `remade`. Returns where the bytes are now.
   */
  async put(
    incoming: Incoming,
    { root, path, fallback = path, modifiedMs, old = [], isTaken = () => false, remade = false }: Place,
  ): Promise<FileProof> {
    let copy: string | undefined
    const ready = async () => {
      copy ??= incoming.movable ? undefined : await this.#another(incoming)
      const from = copy ?? incoming.path
      const isShared = incoming.external === 'link' && (await isSameFile(from, incoming.path))
      if (modifiedMs !== undefined && !isShared && !(await setTime(from, modifiedMs))) this.untimed += 1
      return from
    }
    try {
      for (const candidate of [path, fallback]) {
        if (isTaken(candidate)) continue
        const target = join(root, candidate)
        const earlier = old.find((proof) => proof.path === candidate)
        // An external file, or one with the same bytes, may already be where it is wanted: then nothing is copied.
        const stands = incoming.external !== undefined && (await isSame(target, incoming))
        let isBrought = false
        if (!stands && earlier !== undefined && (await isStillOurs(root, earlier))) {
          const isWanted = await isIntact(root, earlier, incoming.sha256)
          // Its time may differ, as in a home that was copied.
          if (isWanted && modifiedMs === undefined)
            return { ...earlier, ...(await proofOf(root, candidate, incoming.sha256)) }
          if (!isWanted && !remade) {
            await this.#trash.keep(target)
            this.replaced += 1
          }
          await renameAnywhere(await ready(), target, this.#announce)
          isBrought = true
        } else if (!stands) {
          isBrought = await this.#moveNew(root, await ready(), target)
          if (!isBrought && !(await isSame(target, incoming))) continue
        }
        this.#touched(dirname(target))
        const proof = await proofOf(root, candidate, incoming.sha256)
        for (const other of old) if (other.path !== candidate) await this.#supersede(root, other, proof, remade)
        if (isBrought) incoming.isBrought = true
        return proof
      }
    } finally {
      if (copy !== undefined) await remove(copy)
    }
    throw taken(path, fallback)
  }

  /** Moves what we wrote to another path, never over anything. Throws `item` if it is not there as we left it. */
  async move(
    proof: FileProof,
    { root, path, fallback = path, isTaken = () => false }: Pick<Place, 'root' | 'path' | 'fallback' | 'isTaken'>,
  ): Promise<FileProof> {
    if (proof.path === path) return proof
    if (!isBelow(root, proof.path)) throw outside(proof.path)
    for (const candidate of [path, fallback]) {
      if (candidate === proof.path) return proof
      if (isTaken(candidate)) continue
      const target = join(root, candidate)
      // Another name of the same file may be another delivery. Names that differ only in case are the same name on many disks.
      const isRespelled =
        clashKey(proof.path) === clashKey(candidate) && (await isSameFile(join(root, proof.path), target))
      if (!isRespelled && (await statOf(target)) !== undefined) continue
      const isInTheWay = clashKey(target).startsWith(`${clashKey(join(root, proof.path))}/`)
      if (isInTheWay) await this.#moveIntoItsPlace(root, proof.path, target)
      else {
        await this.#makeFolder(root, dirname(target))
        await renameAnywhere(join(root, proof.path), target, this.#announce)
      }
      this.#touched(dirname(target))
      this.#leave(root, proof.path)
      return { ...proof, ...(await proofOf(root, candidate, proof.sha256)) }
    }
    throw taken(path, fallback)
  }

  /** The file is where its own folder is needed, so it is moved aside first. If the run is killed meanwhile, the next one finds it by its bytes. */
  async #moveIntoItsPlace(root: string, path: string, target: string): Promise<void> {
    const from = join(root, path)
    const { stem, extension } = splitExtension(path)
    const aside = join(root, `${stem} (aside)${extension}`)
    if ((await statOf(aside)) !== undefined) throw taken(path, aside)
    await rename(from, aside)
    try {
      await this.#makeFolder(root, dirname(target))
      await renameAnywhere(aside, target, this.#announce)
    } catch (error) {
      await rename(aside, from)
      throw error
    }
  }

  /** A file that an exporter writes itself: complete and durable, but only home once `commit` has put it there. */
  create(place: (ready: Incoming & { modifiedMs: number }) => Promise<FileProof>): Promise<NewFile> {
    return scratchFile(this.#staging.scratchPath(), this.#unfinished, place)
  }

  /**
   * Called when nothing more is put: removes files that exporters began but never finished, and folders that were left empty. Not
   * earlier, because somebody may be about to put something into such a folder.
   */
  async close(): Promise<void> {
    for (const abort of this.#unfinished) await abort()
    for (const [left, root] of this.#left) {
      for (let folder = left; folder !== root && folder.startsWith(root + sep); folder = dirname(folder)) {
        try {
          await rmdir(folder)
        } catch {
          break
        }
      }
    }
  }

  /** Moves what we wrote into the trash. Throws `item` if it is no longer what we wrote. */
  async discard(root: string, proof: FileProof): Promise<void> {
    if ((await statOf(join(root, proof.path))) === undefined) return
    if (!(await isStillOurs(root, proof))) {
      throw new SmugdlError('item', {
        what: 'It was changed since it was delivered, so it stays',
        item: proof.path,
        next: 'Remove it yourself if you do not want it',
      })
    }
    await this.#trash.move(join(root, proof.path))
    this.#left.set(dirname(join(root, proof.path)), root) // which is durable already
  }

  /** Notes that something was removed from `root/path`. */
  #leave(root: string, path: string): void {
    const folder = dirname(join(root, path))
    this.#left.set(folder, root)
    this.#touched(folder)
  }

  /** Removes what we wrote earlier, now that its successor has another name. What somebody changed stays. */
  async #supersede(root: string, old: FileProof, successor: FileProof, remade: boolean): Promise<void> {
    if (!(await isStillOurs(root, old))) return
    const path = join(root, old.path)
    if (clashKey(old.path) === clashKey(successor.path) && (await isSameFile(path, join(root, successor.path)))) return
    if (remade || (await isIntact(root, old, successor.sha256))) await unlink(path)
    else {
      await this.#trash.move(path)
      this.replaced += 1
    }
    this.#leave(root, old.path)
  }

  /** Moves to a free name; false if it is taken. A link fails if the name is taken; a rename would replace it. */
  async #moveNew(root: string, from: string, to: string): Promise<boolean> {
    const folder = dirname(to)
    if (!this.#known.has(folder)) await this.#makeFolder(root, folder)
    try {
      await link(from, to).catch(async (error) => {
        if (error.code !== 'ENOENT' || (await statOf(from)) === undefined) throw error
        await this.#makeFolder(root, folder)
        await link(from, to)
      })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EEXIST') return false
      if (isOtherDisk(error)) return this.#copyNew(root, from, to)
      if (typeof code !== 'string' || !withoutLinks.has(code)) throw error
      if ((await statOf(to)) !== undefined) return false
      await rename(from, to)
      return true
    }
    await unlink(from)
    return true
  }

  /** Like `#moveNew`, from another disk. */
  async #copyNew(root: string, from: string, to: string): Promise<boolean> {
    const beside = await copyBeside(from, to, this.#announce)
    try {
      if (!(await this.#moveNew(root, beside, to))) return false
    } finally {
      await remove(beside)
    }
    await unlink(from)
    return true
  }

  /**
   * Makes a durable copy in staging, which shares the blocks if the file system can. A file that may be linked or moved gets another name instead,
   * if the file system can. Throws `item` if an external file is no longer what was verified.
   */
  async #another({ path: from, sha256, external }: Incoming): Promise<string> {
    const path = this.#staging.scratchPath()
    const isLinked = external !== undefined && external !== 'copy' && (await linked(from, path))
    if (!isLinked) {
      await copyFile(from, path, constants.COPYFILE_FICLONE)
      if (external !== undefined && (await hashOf(path)) !== sha256) {
        await unlink(path)
        throw new SmugdlError('item', { what: 'The file changed while it was copied', item: from, next: 'Run again' })
      }
    }
    await syncFile(path)
    return path
  }

  async #makeFolder(root: string, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true })
    if (this.#known.has(folder)) return
    this.#known.add(folder)
    // Its maker, an exporter or a killed run, may not have made it durable.
    for (let inside = folder; inside !== root && inside.startsWith(root + sep); inside = dirname(inside))
      this.#touched(dirname(inside))
  }
}

function taken(path: string, other: string): SmugdlError {
  return new SmugdlError('item', {
    what: 'Other files have both names that this picture could have',
    item: `${path}, ${other}`,
    next: 'Move one of them away and run again; they were not touched',
  })
}

function outside(path: string): SmugdlError {
  return new SmugdlError('item', {
    what: 'The catalog names a file that is not in this output',
    item: path,
    next: 'It was not touched; rebuild the catalog with "smugdl adopt HOME -o HOME"',
  })
}

/** Whether a file already holds these bytes; then it is used as it is, and made durable. */
async function isSame(path: string, incoming: Incoming): Promise<boolean> {
  const there = await statOf(path)
  if (!there?.isFile() || there.size !== incoming.size) return false
  if (!(await isSameFile(path, incoming.path)) && (await hashOf(path)) !== incoming.sha256) return false
  await syncFile(path)
  return true
}
