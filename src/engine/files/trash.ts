import { mkdir, readdir, rename, rm, unlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { splitExtension } from '../../exporter/safe-name.ts'
import { syncFolder } from './fsync.ts'
import { isBelow } from './is-below.ts'
import { copyBeside, renameAnywhere } from './other-disk.ts'
import { isSameFile, linked, statOf } from './same-file.ts'

const dayMs = 24 * 60 * 60 * 1000

/** The trash for what is removed or replaced at home: one folder per day (UTC), in which everything keeps its path below the output. */
export class Trash {
  readonly #output: string
  readonly #day: string

  constructor(output: string, at: number) {
    this.#output = output
    this.#day = join(trashOf(output), dayOf(at))
  }

  /** Moves a file (absolute) to the trash, durably; one already in the trash keeps its name. The caller must know that the file is ours. */
  async move(file: string): Promise<void> {
    const target = await this.#targetOf(file)
    // In the trash, anything that a kill leaves beside it is removed with it.
    if (await isSameFile(file, target)) await unlink(file)
    else await renameAnywhere(file, target, async () => {})
    await this.#sync(target)
    await syncFolder(dirname(file))
  }

  /** Like `move`, for a file about to be overwritten: it also stays where it is, so that a kill in between loses nothing. */
  async keep(file: string): Promise<void> {
    const target = await this.#targetOf(file)
    if (!(await isSameFile(file, target)) && !(await linked(file, target)))
      await rename(await copyBeside(file, target, async () => {}), target)
    await this.#sync(target)
  }

  /** A free name in an existing folder, or the file's own if a killed run got that far. */
  async #targetOf(file: string): Promise<string> {
    const path = relative(this.#output, file)
    if (!isBelow(this.#output, path)) throw new Error(`${file} is not in ${this.#output}`)
    const { stem, extension } = splitExtension(path)
    let target = join(this.#day, path)
    for (let number = 2; await isOther(file, target); number++)
      target = join(this.#day, `${stem} (${number})${extension}`)
    await mkdir(dirname(target), { recursive: true })
    return target
  }

  async #sync(target: string): Promise<void> {
    const top = dirname(trashOf(this.#output)) // holds the name of the trash itself
    for (let folder = dirname(target); folder.length >= top.length; folder = dirname(folder)) await syncFolder(folder)
  }
}

/** Deletes the trash of days at least `days` days before `now`. Returns their number. */
export async function pruneTrash(output: string, days: number, now: number): Promise<number> {
  const trash = trashOf(output)
  const newest = dayOf(now - days * dayMs)
  const names = await readdir(trash).catch((error) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  // A folder that is not named like a day is not ours.
  const old = names.filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name) && name <= newest)
  for (const name of old) await rm(join(trash, name), { recursive: true, force: true })
  return old.length
}

function trashOf(output: string): string {
  return join(output, '.smugdl', 'trash')
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** Whether another file is there. */
async function isOther(file: string, target: string): Promise<boolean> {
  return (await statOf(target)) !== undefined && !(await isSameFile(file, target))
}
