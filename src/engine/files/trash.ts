import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { splitExtension } from '../../exporter/safe-name.ts'
import { syncFolder } from './fsync.ts'
import { isBelow } from './is-below.ts'
import { renameAnywhere } from './other-disk.ts'

const dayMs = 24 * 60 * 60 * 1000

/** Where what is removed from home at this time goes; one folder a day (UTC), absolute. */
export function trashFolder(output: string, at: number): string {
  return join(trashOf(output), dayOf(at))
}

/**
 * Moves a file of ours out of the way, durably, under its own path in the trash; one that is there already keeps its name. The caller knows
 * that it is ours.
 */
export async function moveToTrash(root: string, path: string, trash: string): Promise<void> {
  if (!isBelow(root, path)) throw new Error(`${path} is not in ${root}`)
  const { stem, extension } = splitExtension(path)
  let target = join(trash, path)
  for (let number = 2; await exists(target); number++) target = join(trash, `${stem} (${number})${extension}`)
  await mkdir(dirname(target), { recursive: true })
  // In the trash what a kill leaves beside it goes with it.
  await renameAnywhere(join(root, path), target, async () => {})
  const top = dirname(dirname(trash)) // holds the name of the trash itself
  for (let folder = dirname(target); folder.length >= top.length; folder = dirname(folder)) await syncFolder(folder)
  await syncFolder(dirname(join(root, path)))
}

/** Empties the trash of the days that are at least `days` days before `now`. Returns how many there were. */
export async function pruneTrash(output: string, days: number, now: number): Promise<number> {
  const trash = trashOf(output)
  const newest = dayOf(now - days * dayMs)
  const names = await readdir(trash).catch((error) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  // What is not named like a day is not ours.
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

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
