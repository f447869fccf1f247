import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { FileKey } from '../../catalog/file-key.ts'
import type { SmugdlError } from '../../error.ts'
import type { Album, Delivery, FileFacts } from '../../exporter/types.ts'
import type { StagedName } from '../files/staging-refs.ts'
import type { Outcome } from './outcome.ts'

/** One album on its way home. */
export interface AlbumRun {
  readonly album: Album
  /** `folder/…/album` in display names. */
  readonly path: string
  /** By exporter: a digest of the album as it gets it, to see when that changes. */
  readonly digests: ReadonlyMap<string, string>
  /** By exporter: what becomes of this album's pending deliveries when it says that they are durable. */
  readonly pending: Map<string, Pending[]>
  /** Exporters that could not begin the album. */
  readonly broken: Map<string, SmugdlError>
  /** How many files the user moved, by where they stand now (`followMove`). */
  readonly moved: Map<string, number>
  /** New pictures, by folder: beside others that the user moved, and at their own place though all others were moved away from theirs (`followFolders`). */
  readonly beside: Map<string, number>
  readonly astray: Map<string, number>
  /** Images that are left for another run. */
  left: number
}

/** An image that an exporter will have when its album ends: what finds it again, for an album may list any number of them. */
export interface Pending {
  readonly key: FileKey
  readonly path: string
  readonly facts: Pick<FileFacts, 'size' | 'sha256'>
  readonly outcome: Exclude<Outcome, { kind: 'failed' }>
  /** Kept until then; none where the image is only moved. */
  readonly staged?: StagedName
  /** What is recorded then of one that is only moved; of the others the catalog has it. */
  readonly moved?: Pick<DeliveryRow, 'serial' | 'described'> & { readonly delivery: Delivery }
}
