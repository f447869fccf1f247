import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { claimOf, isBuiltIn, outputOf } from '../exporter/built-in.ts'
import type { Delivery } from '../exporter/types.ts'
import type { Driver } from './driver.ts'
import { syncFile, syncFolder } from './durable.ts'
import { hashesOf } from './hashes.ts'
import { isFileProof } from './home.ts'
import type { Session } from './session.ts'
import type { StagedFile } from './staged-file.ts'

/** Makes the folders of plugins, each claimed before it is there. */
export async function makeFoldersOf(exporters: readonly { name: string }[], output: string): Promise<void> {
  for (const { name } of exporters) {
    if (isBuiltIn(name)) continue
    await mkdir(claimOf(output, name), { recursive: true })
    await mkdir(outputOf(output, name), { recursive: true })
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
