import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { SmugdlError } from '../../error.ts'
import { albumPath } from '../account/album-filter.ts'
import { albumFor } from '../account/describe.ts'
import { isFileProof } from '../files/proof.ts'
import type { Recorder } from '../files/recorder.ts'
import type { CurrentHook } from './current-hook.ts'

type Owner = Pick<CurrentHook, 'album' | 'image' | 'component'>

/**
 * The owners of the paths in an exporter's output: by the catalog, by deliveries not recorded yet, and by claims of running hooks. A path that
 * holds another image's file is taken.
 */
export class LivePaths {
  readonly #exporter: string
  readonly #catalog: Catalog
  readonly #recorder: Recorder
  readonly #claims = new Map<string, CurrentHook>()

  constructor(exporter: string, { catalog, recorder }: { catalog: Catalog; recorder: Recorder }) {
    this.#exporter = exporter
    this.#catalog = catalog
    this.#recorder = recorder
  }

  /** Reserves a path until `release`. */
  claim(path: string, claimant: CurrentHook | undefined): void {
    if (claimant !== undefined) this.#claims.set(path, claimant)
  }

  /** Removes the hook's claims: from now on the deliveries' rows show the owner. */
  release(claimant: CurrentHook | undefined): void {
    for (const [path, by] of this.#claims) if (by === claimant) this.#claims.delete(path)
  }

  /** The other image, or album, that has the path; with `sha256`, the same image may have it in another album with these bytes. */
  ownerOf(path: string, wanting: Owner | undefined, sha256?: string): Owner | undefined {
    const claimed = this.#claims.get(path)
    if (claimed !== undefined) {
      // Nobody else gets what is claimed: it was free then, and is.
      if (claimed === wanting) return undefined
      if (!isOf(claimed, wanting)) return claimed
    }
    for (const row of this.rowsAt(path)) {
      if (wanting?.album === undefined && !isFileProof(row.delivery)) continue
      const isShared = isFileOf(row, wanting) && sha256 !== undefined && row.delivery?.sha256 === sha256
      if (!isOf(row, wanting) && !isShared) return row
    }
    return undefined
  }

  /** Throws `item` if another image has the path. */
  refuseTaken(path: string, wanting: Owner | undefined, sha256: string): void {
    const owner = this.ownerOf(path, wanting, sha256)
    if (owner === undefined) return
    const isSameImage = owner.image !== undefined && owner.image === wanting?.image
    const isInAlbum = isSameImage && owner.album === wanting?.album
    const key = isInAlbum ? 'image.component' : isSameImage || owner.image === undefined ? 'album.key' : 'image.key'
    throw new SmugdlError('item', {
      what: `"${path}" is the file of ${this.#nameOf(owner)} already: no second picture can have it`,
      item: path,
      next: `The exporter "${this.#exporter}" must add ${key} to the name`,
    })
  }

  /** Whether the file of this delivery also belongs to another delivery. */
  isShared({ album, image, component, delivery }: DeliveryRow): boolean {
    return this.rowsAt(delivery?.path ?? '').some(
      (row) => row.album !== album || row.image !== image || row.component !== component,
    )
  }

  /** Whether the file at this path belongs to the same image in another album. */
  isElsewhere(path: string, of: Owner | undefined): boolean {
    return this.rowsAt(path).some((row) => isFileOf(row, of) && row.album !== of?.album)
  }

  /** All deliveries of this file, as they are or will be recorded. */
  rowsAt(path: string): DeliveryRow[] {
    const isOfExporter = ({ exporter }: DeliveryRow) => exporter === this.#exporter
    const isOutdated = (row: DeliveryRow) => this.#recorder.waitingFor(row).some(isOfExporter)
    return [
      ...this.#recorder.waitingAt(path).filter(isOfExporter),
      ...this.#catalog.deliveries.allAtPath(this.#exporter, path).filter((row) => !isOutdated(row)),
    ]
  }

  #nameOf({ album = '', image, component = '' }: Owner): string {
    const { albums, folders, listings } = this.#catalog
    const row = albums.get(album)
    const around = new Map(folders.all().map((folder) => [folder.id, folder]))
    const path = row === undefined ? album : albumPath(albumFor(row, around))
    if (image === undefined) return path
    const listed = listings.get({ album, image, component })
    return `${path}/${listed?.name ?? listed?.wantedName ?? image} (key ${image})`
  }
}

function isOf(owner: Owner, wanting: Owner | undefined): boolean {
  if (wanting?.album === undefined || owner.album !== wanting.album) return false
  return wanting.image === undefined || owner.image === undefined || isFileOf(owner, wanting)
}

/** Whether two keys are the same file of the same image, in any album. */
function isFileOf(owner: Owner, wanting: Owner | undefined): boolean {
  return owner.image === wanting?.image && (owner.component ?? '') === (wanting?.component ?? '')
}
