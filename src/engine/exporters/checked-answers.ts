import { isInside } from '../../exporter/safe-path.ts'
import type { Delivery, FileFacts, Inspection, Sidecar } from '../../exporter/types.ts'

/*
 * Checks of the values that hooks return, which may be anything: a value that does not follow the contract throws a TypeError that describes it.
 */

/** The return value of `deliver` and `relocate`. */
export type Returned = Delivery & { pending?: boolean }

export function checkedPlace(returned: unknown): string | undefined {
  return returned === undefined ? undefined : checkedDelivery(returned)?.path
}

const inspections = ['ok', 'missing', 'damaged', 'changed'] as const satisfies Inspection[]

export function checkedInspection(answered: unknown): Inspection {
  const found = inspections.find((word) => word === answered)
  if (found !== undefined) return found
  const shown =
    typeof answered === 'string'
      ? JSON.stringify(answered)
      : typeof answered === 'object'
        ? 'an object'
        : String(answered)
  throw new TypeError(`answered ${shown}, which is none of ${inspections.join(', ')}`)
}

/** Suffixes that form a valid sidecar name from the picture's name, on every system. */
export function checkedSidecars(returned: unknown): readonly Sidecar[] {
  if (!Array.isArray(returned)) throw new TypeError('returned something that is no list of sidecars ({ suffix, text })')
  const suffixes = new Set<string>()
  for (const { suffix, text } of returned) {
    if (typeof text !== 'string' || typeof suffix !== 'string' || !/^(\.[a-z0-9_-]{1,20}){1,3}$/.test(suffix))
      throw new TypeError('returned a sidecar whose suffix is not like ".xmp", or whose text is none')
    if (suffixes.has(suffix)) throw new TypeError(`returned two sidecars with the suffix ${suffix}`)
    suffixes.add(suffix)
  }
  return returned
}

/** Facts that an exporter stores, recorded without a check. */
export function checkedFacts({ kind, size, md5, sha256, contentType }: FileFacts): FileFacts {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('found a picture without its SHA-256')
  if (kind !== 'original' && kind !== 'transcode' && kind !== 'rendition')
    throw new TypeError('found a picture that is neither original, transcode nor rendition')
  return { kind, size, md5, sha256, contentType: String(contentType) }
}

/** What an exporter returned, if it is a valid delivery. */
export function checkedDelivery(returned: unknown): Returned | undefined {
  if (returned === undefined) return undefined
  if (typeof returned === 'object' && returned !== null && 'path' in returned && typeof returned.path === 'string') {
    if (!isInside(returned.path)) throw new TypeError(`returned a path that leads out of the output: ${returned.path}`)
    // Only the user decides that an edited file is kept.
    const { edited: _, ...delivery } = structuredClone(returned) as Returned & { edited?: unknown }
    return delivery
  }
  throw new TypeError('returned something that is no delivery ({ path, … } or nothing)')
}
