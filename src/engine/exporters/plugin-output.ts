import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Delivery } from '../../exporter/types.ts'
import { isFileProof } from '../files/destination.ts'
import { syncFile, syncFolder } from '../files/fsync.ts'
import { hashesOf } from '../files/hash.ts'
import type { StagedFile } from '../files/staged-file.ts'
import type { Session } from '../run/session.ts'
import type { Driver } from './driver.ts'

/** A plugin cannot make durable what it wrote itself (it may not fsync): what it says it delivered is made so here, if it is a file. */
export async function makeDurable(
  { installed, output }: Driver,
  delivery: Delivery | undefined,
  { plan, recorder }: Pick<Session, 'plan' | 'recorder'>,
): Promise<void> {
  if (installed.trusted || delivery === undefined || isFileProof(delivery)) return
  const path = join(output, delivery.path)
  const there = await stat(path).catch(() => undefined)
  if (there === undefined) return
  if (there.isFile()) await syncFile(path)
  else await syncFolder(path)
  for (let folder = dirname(path); folder.length >= plan.output.length; folder = dirname(folder))
    recorder.touched(folder)
}

/** Whether a staged file is still what was verified. Only a plugin that was permitted to write elsewhere could have changed it. */
export async function isIntact(file: StagedFile, had: Driver): Promise<boolean> {
  if (had.installed.trusted) return true
  const { size, sha256 } = await hashesOf(file.path)
  return size === file.size && sha256 === file.sha256
}
