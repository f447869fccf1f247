import type {
  Album,
  Delivered,
  FileFacts,
  Folder,
  Image,
  ListedImage,
  Plain,
  RawRecord,
} from '../../src/exporter/index.ts'

/** Raised when a program that reads manifests would have to change; new fields do not raise it. */
export const version = 1

/**
 * The format of a manifest, as in `manifest.schema.json`: an account is described as for exporters, the others as follows. `raw` is SmugMug's
 * own record and comes last.
 */
export interface FolderRecord extends Omit<Folder, 'raw'> {
  /** Display names from the root to this folder, its own included. */
  readonly path: readonly string[]
  readonly raw: RawRecord
}

export interface AlbumRecord extends Omit<Album, 'folders' | 'directory' | 'raw'> {
  /** NodeIDs of the folders around it, outermost first. */
  readonly folders: readonly string[]
  /** Where its files belong, relative to the output. */
  readonly directory: string
  readonly raw: RawRecord
}

export interface ImageRecord extends Omit<Image, 'raw'> {
  readonly state: ListedImage['state']
  readonly reason?: string
  /** The bytes that are at home; absent when there are none. */
  readonly file?: FileFacts
  /** By exporter. */
  readonly deliveries: Readonly<Record<string, DeliveryRecord>>
  readonly raw: RawRecord
}

/** Where an exporter has it, and further fields of the exporter's own; `file` if its bytes differ from those that the image's `file` describes. */
export interface DeliveryRecord {
  readonly path: string
  /** Paths of its sidecars, which contain SmugMug's data about it. */
  readonly sidecars?: readonly string[]
  readonly [proof: string]: Plain | FileFacts | undefined
}

export function folderRecord({ raw, ...folder }: Folder, path: readonly string[]): FolderRecord {
  return { ...folder, path, raw }
}

export function albumRecord({ folders, directory, raw, ...album }: Album): AlbumRecord {
  return { ...album, folders: folders.map(({ id }) => id), directory: directory.join('/'), raw }
}

export function imageRecord({ image: { raw, ...image }, state, reason, file, deliveries }: ListedImage): ImageRecord {
  return {
    ...image,
    state,
    ...(reason !== undefined && { reason }),
    ...(file !== undefined && { file }),
    deliveries: Object.fromEntries(
      Object.entries(deliveries).map(([exporter, delivered]) => [exporter, deliveryRecord(delivered, file)]),
    ),
    raw,
  }
}

function deliveryRecord({ delivery, facts }: Delivered, file: FileFacts | undefined): DeliveryRecord {
  // What a plain file is proven by: the first two are there already, and a file's time changes when somebody copies it.
  const { size: _, sha256: __, modifiedMs: ___, clock: ____, said: _____, beside, sidecars: kept, ...shown } = delivery
  const besideIt = Array.isArray(beside) ? beside.map(({ path }) => path) : []
  // An archive names its entries, a store what it adds to the picture's key.
  const inside = Array.isArray(kept) ? kept.map((one) => (typeof one === 'string' ? one : shown.path + one.suffix)) : []
  const sidecars = [...besideIt, ...inside]
  return { ...shown, ...(sidecars.length > 0 && { sidecars }), ...(facts.sha256 !== file?.sha256 && { file: facts }) }
}
