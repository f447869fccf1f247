import { createHash } from 'node:crypto'
import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { Delivery } from '../../exporter/types.ts'
import { folderOf } from '../exporters/own-folders.ts'
import { keptSidecars } from '../files/kept-sidecars.ts'
import type { FileProof } from '../files/proof.ts'

/** A delivery of an image, or a file that the exporter wrote beside the images. */
export interface InventoryItem {
  exporter: string
  /** Relative to the exporter's output; '' if it returned no path. Many images may share that of an archive. */
  path: string
  delivery: Delivery | undefined
  /** Absent for a file written beside the images. */
  image?: DeliveryRow
  /** The image whose sidecar it is. */
  sidecarOf?: DeliveryRow
}

/** A share of everything: number `part`, counted from 1, of `of` parts. */
export interface Subset {
  part: number
  of: number
}

/**
 * Everything that an exporter keeps and the catalog records as durable, by path; a few rows in memory at a time. An exporter that uses no
 * bytes, or keeps nothing, may have no path for an image.
 */
export function* inventoryOf(
  exporter: string,
  catalog: Catalog,
  isKept: (row: DeliveryRow) => boolean,
): Generator<InventoryItem> {
  for (const image of catalog.deliveries.of(exporter)) {
    const { pending, delivery } = image
    if (pending || !isKept(image)) continue
    yield { exporter, path: delivery?.path ?? '', delivery, image }
    for (const sidecar of keptSidecars(delivery) ?? [])
      if (sidecar.yours !== true) yield { exporter, path: sidecar.path, delivery: sidecar, sidecarOf: image }
  }
  for (const [path, proof] of catalog.state.all(writtenBy(exporter))) {
    // An archive among these files contains images, and was processed with them.
    if (catalog.deliveries.countAt(exporter, path) === 0) yield { exporter, path, delivery: proof as FileProof }
  }
}

/** Whether one of the exporters made the file at this path of the output; in a plugin's own folder everything is its own. */
export function isOurs(path: string, exporters: readonly string[], catalog: Catalog): boolean {
  return exporters.some((name) => {
    const folder = folderOf(name, catalog)
    if (folder !== '') return path.startsWith(`${folder}/`)
    return (
      catalog.deliveries.countAt(name, path) > 0 ||
      catalog.state.get(writtenBy(name), path) !== undefined ||
      isSidecar(path, name, catalog)
    )
  })
}

/** Whether it is a sidecar, which the user may have changed. */
function isSidecar(path: string, exporter: string, { deliveries }: Catalog): boolean {
  for (let dot = path.lastIndexOf('.'); dot > path.lastIndexOf('/'); dot = path.lastIndexOf('.', dot - 1)) {
    const rows = deliveries.allAtPath(exporter, path.slice(0, dot))
    if (rows.some(({ delivery }) => keptSidecars(delivery)?.some((sidecar) => sidecar.path === path))) return true
    if (dot === 0) break
  }
  return false
}

/** Whether a file that an exporter wrote describes an album or a folder. */
export function isAboutAlbum(path: string): boolean {
  return /(^|\/)(album|folder)\.json$/.test(path)
}

/** The state key under which an exporter's own files are recorded, by path. */
export function writtenBy(exporter: string): string {
  return `${exporter}:files`
}

/** Shares are even, and an image stays in its own when it is renamed or others come and go. */
export function isIn({ path, image, sidecarOf }: InventoryItem, { part, of }: Subset): boolean {
  const picture = image ?? sidecarOf
  const key = picture === undefined ? path : `${picture.album}/${picture.image}`
  return createHash('sha256').update(key).digest().readUInt32BE() % of === part - 1
}
