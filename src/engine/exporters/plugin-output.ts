import { mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SmugdlError } from '../../error.ts'
import { claimOf, isBuiltIn, outputOf } from '../../exporter/built-in.ts'
import type { Delivery } from '../../exporter/types.ts'
import { isFileProof, statOf } from '../files/destination.ts'
import { syncFile, syncFolder } from '../files/fsync.ts'
import { hashesOf } from '../files/hash.ts'
import type { StagedFile } from '../files/staged-file.ts'
import type { RunPlan } from '../run/plan.ts'
import type { Session } from '../run/session.ts'
import type { Driver } from './driver.ts'

/**
 * Makes the folders of plugins, each claimed before it is there. Throws `destination` where something else stands: what holds anything is
 * a plugin's only if an earlier run claimed it, for it may be an album's, or the person's.
 */
export async function claimFolders({ exporters, output, dryRun }: RunPlan): Promise<void> {
  for (const name of exporters) {
    if (isBuiltIn(name)) continue
    const folder = outputOf(output, name)
    const claim = claimOf(output, name)
    const there = await statOf(folder)
    if (
      there !== undefined &&
      !(there.isDirectory() && ((await statOf(claim)) || (await readdir(folder)).length === 0))
    ) {
      throw new SmugdlError('destination', {
        what: `The plugin ${name} would get a folder to itself, but what is there is not its own`,
        item: folder,
        next: 'Move it away, or give the plugin (its file, and the name in it) another name',
      })
    }
    if (dryRun) continue
    await mkdir(claim, { recursive: true })
    await mkdir(folder, { recursive: true })
  }
}

/** A plugin cannot make durable what it wrote itself (it may not fsync): what it says it delivered is made so here, if it is a file. */
export async function makeDurable(
  { name }: Driver,
  delivery: Delivery | undefined,
  { plan, recorder }: Pick<Session, 'plan' | 'recorder'>,
): Promise<void> {
  if (isBuiltIn(name) || delivery === undefined || isFileProof(delivery)) return
  const root = outputOf(plan.output, name)
  const path = join(root, delivery.path)
  const there = await stat(path).catch(() => undefined)
  if (there === undefined) return
  if (there.isFile()) await syncFile(path)
  else await syncFolder(path)
  for (let folder = dirname(path); folder.length >= plan.output.length; folder = dirname(folder))
    recorder.touched(folder)
}

/** Whether a staged file is still what was verified. Only a plugin that was permitted to write elsewhere could have changed it. */
export async function isIntact(file: StagedFile, had: Driver): Promise<boolean> {
  if (isBuiltIn(had.name)) return true
  const { size, sha256 } = await hashesOf(file.path)
  return size === file.size && sha256 === file.sha256
}
