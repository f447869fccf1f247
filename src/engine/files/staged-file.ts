import { createReadStream } from 'node:fs'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import type { FileFacts, FileKind, VerifiedFile } from '../../exporter/types.ts'
import { stagingIdOf } from './staging.ts'

/** What may become of a file that belongs to somebody else. */
export type Transfer = 'copy' | 'link' | 'move'

/** A verified file in staging, or where somebody else keeps it, while exporters have it in hand. */
export class StagedFile implements VerifiedFile {
  readonly path: string
  readonly kind: FileKind
  readonly size: number
  readonly md5: string
  readonly sha256: string
  readonly contentType: string
  readonly imageKey: string
  /** What distinguishes its bytes from others: `stagingIdOf`. */
  readonly content: string
  /** Nobody needs it after this exporter: it may be moved away. */
  movable = false
  /** An exporter has put it where it is, not found it there. */
  isBrought = false
  /** What the exporter whose turn it is has of the image from earlier. */
  before: DeliveryRow | undefined
  /** It is somebody else's, not in staging: what may become of it. */
  readonly external: Transfer | undefined
  /** When all its bytes were read, if that was not just now; milliseconds since 1970. */
  readonly readAt: number | undefined

  constructor(
    path: string,
    facts: FileFacts,
    row: Pick<ListingRow, 'image' | 'component' | 'serial' | 'source'>,
    owner?: { external: Transfer; readAt: number },
  ) {
    this.path = path
    this.kind = facts.kind
    this.size = facts.size
    this.md5 = facts.md5
    this.sha256 = facts.sha256
    this.contentType = facts.contentType
    this.imageKey = row.image
    this.content = stagingIdOf(row)
    this.external = owner?.external
    this.readAt = owner?.readAt
  }

  get facts(): FileFacts {
    const { kind, size, md5, sha256, contentType } = this
    return { kind, size, md5, sha256, contentType }
  }

  stream(): NodeJS.ReadableStream {
    return createReadStream(this.path)
  }
}
