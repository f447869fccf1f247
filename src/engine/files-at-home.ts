import { createHash } from 'node:crypto'
import type { Catalog } from '../catalog/catalog.ts'
import type { DeliveryRow } from '../catalog/deliveries.ts'
import type { Delivery } from '../exporter/types.ts'
import type { FileProof } from './home.ts'

/** A file that an exporter made: of one image, of many (an archive), or of none (a list that it wrote). */
export interface FileAtHome {
  exporter: string
  /** Relative to the exporter's output; '' when it had nothing to show. */
  path: string
  delivery: Delivery | undefined
  /** The images in it; empty for what the exporter wrote beside them. */
  images: DeliveryRow[]
}

/** A share of all files: number `part` of `of`, counted from 1. */
export interface Subset {
  part: number
  of: number
}

/**
 * All files of an exporter that the catalog knows to be durable, by path. Deliveries of one path are one file. Memory grows with the
 * largest archive only.
 */
export function* filesAtHome(exporter: string, catalog: Catalog): Generator<FileAtHome> {
  let file: FileAtHome | undefined
  for (const row of catalog.deliveries.of(exporter)) {
    // An exporter that wants no bytes has none to show.
    if (row.pending || (row.delivery === undefined && row.facts.sha256 === '')) continue
    if (file !== undefined && file.path === row.delivery?.path) {
      file.images.push(row)
      continue
    }
    if (file !== undefined) yield file
    file = { exporter, path: row.delivery?.path ?? '', delivery: row.delivery, images: [row] }
    if (row.delivery !== undefined) continue
    yield file
    file = undefined
  }
  if (file !== undefined) yield file
  for (const [path, proof] of catalog.state.all(writtenBy(exporter))) {
    // An archive that was written so holds images, and had its turn.
    if (catalog.deliveries.atPath(exporter, path) === undefined)
      yield { exporter, path, delivery: proof as FileProof, images: [] }
  }
}

/** Whether one of the exporters made the file at this path. */
export function isOurs(path: string, exporters: readonly string[], catalog: Catalog): boolean {
  return exporters.some(
    (name) =>
      catalog.deliveries.atPath(name, path) !== undefined || catalog.state.get(writtenBy(name), path) !== undefined,
  )
}

/** Where the state of an exporter's own files is kept, by path. */
export function writtenBy(exporter: string): string {
  return `${exporter}:files`
}

/** Shares are even, and a file stays in its own when it is renamed or others come and go. */
export function isIn(file: FileAtHome, { part, of }: Subset): boolean {
  const [first] = file.images
  const key = first === undefined ? file.path : `${first.album}/${first.image}`
  return createHash('sha256').update(key).digest().readUInt32BE() % of === part - 1
}
