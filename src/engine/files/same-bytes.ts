import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { ListingRow } from '../../catalog/listings.ts'

/**
 * Whether a delivery has the bytes that SmugMug has now: by MD5 if SmugMug provides one, else by serial and size (smugmug-api 9.6).
 * A file that SmugMug no longer gives (a right was taken away, it is being reprocessed) counts as the same unless it was replaced.
 */
export function hasSameBytes({ facts, serial }: DeliveryRow, { source, serial: listed }: ListingRow): boolean {
  if (source.kind === 'none') return serial === listed
  if (source.md5 !== undefined) return source.md5 === facts.md5
  return serial === listed && (source.size ?? facts.size) === facts.size && source.kind === facts.kind
}
