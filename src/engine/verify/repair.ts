import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog } from '../../catalog/catalog.ts'
import type { FileKey } from '../../catalog/file-key.ts'
import { accountOf, type Whose } from '../../smugmug/api/user.ts'
import type { Api } from '../../smugmug/api.ts'
import { bindAccount } from '../account/account-check.ts'
import { folderOf } from '../exporters/own-folders.ts'
import { keptSidecars } from '../files/kept-sidecars.ts'
import { isFileProof, lookAtFile } from '../files/proof.ts'
import { Trash } from '../files/trash.ts'
import type { RunPlan } from '../run/plan.ts'
import { writtenBy } from './inventory.ts'
import type { Finding } from './verify.ts'

export interface RepairParts {
  api: Api
  /** If absent, the token's own account. */
  whose?: Whose
  catalog: Catalog
  /** Names of exporters that keep pictures elsewhere: a file here under one of their paths is another exporter's. */
  elsewhere?: readonly string[]
  now(): number
}

/** The only items that the following run downloads. */
export interface Repair {
  only: NonNullable<RunPlan['only']>
  /** Names of the exporters that lack something. */
  exporters: readonly string[]
}

/**
 * Moves damaged files to the trash and removes their records, so that a run downloads them again. First it checks that SmugMug answers and
 * that it is the right account. A file that SmugMug no longer has stays: a damaged picture is better than none.
 */
export async function prepareRepair(
  findings: readonly Finding[],
  output: string,
  { api, whose, catalog, elsewhere = [], now }: RepairParts,
): Promise<Repair> {
  bindAccount(await accountOf(api, whose), output, catalog)
  const trash = new Trash(output, now())
  const again = findings.filter((finding) => isRepairable(finding, catalog))
  for (const [, [first, ...rest]] of Map.groupBy(again, ({ exporter, path }) => JSON.stringify([exporter, path]))) {
    if (first === undefined || ![first, ...rest].some(({ state }) => state === 'damaged')) continue
    if (elsewhere.includes(first.exporter)) continue
    // An archive that also contains other images is repaired by its exporter.
    const isWhole = catalog.deliveries.countAt(first.exporter, first.path) <= 1 + rest.length
    const root = join(output, folderOf(first.exporter, catalog))
    if (isWhole && (await isThere(join(root, first.path)))) {
      await trash.move(join(root, first.path))
    }
  }
  const only = new Map<string, Set<string>>()
  catalog.transaction(() => {
    for (const { state, exporter, path, albumKey, imageKey, component = '', isSidecar } of again) {
      if (albumKey === undefined || imageKey === undefined) {
        catalog.state.set(writtenBy(exporter), path, undefined)
        continue
      }
      const image = { album: albumKey, image: imageKey, component }
      // A missing file may have been moved: the run looks for it before it downloads anything.
      const isLost = state === 'damaged' || !isFileProof(catalog.deliveries.get(exporter, image)?.delivery)
      if (isLost && !isSidecar) catalog.deliveries.forget({ exporter, ...image })
      catalog.complete.clear(albumKey)
      only.set(albumKey, (only.get(albumKey) ?? new Set()).add(imageKey))
    }
  })
  return { only, exporters: [...new Set(again.map(({ exporter }) => exporter))] }
}

/** The items that are still not at home as delivered. */
export async function unrepaired(findings: readonly Finding[], output: string, catalog: Catalog): Promise<Finding[]> {
  const left: Finding[] = []
  for (const finding of findings) if (!(await isRepaired(finding, output, catalog))) left.push(finding)
  return left
}

async function isRepaired(
  { state, exporter, path, albumKey, imageKey, component = '', isSidecar }: Finding,
  output: string,
  catalog: Catalog,
): Promise<boolean> {
  if (state !== 'missing' && state !== 'damaged') return false
  if (albumKey === undefined || imageKey === undefined)
    return catalog.state.get(writtenBy(exporter), path) !== undefined
  const image = { album: albumKey, image: imageKey, component }
  if (isGone(image, catalog)) return false
  const row = catalog.deliveries.get(exporter, image)
  if (row === undefined || row.pending) return false
  const proof = isSidecar ? keptSidecars(row.delivery)?.find((sidecar) => sidecar.path === path) : row.delivery
  return !isFileProof(proof) || (await lookAtFile(join(output, folderOf(exporter, catalog)), proof)) === 'ok'
}

function isRepairable({ state, albumKey, imageKey, component = '' }: Finding, catalog: Catalog): boolean {
  if (state !== 'missing' && state !== 'damaged') return false
  return (
    albumKey === undefined ||
    imageKey === undefined ||
    !isGone({ album: albumKey, image: imageKey, component }, catalog)
  )
}

/** Whether SmugMug no longer has it. */
function isGone(file: FileKey, { listings }: Catalog): boolean {
  const listed = listings.get(file)
  return listed === undefined || listed.goneAt !== undefined
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
