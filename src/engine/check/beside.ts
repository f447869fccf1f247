import type { Catalog } from '../../catalog/catalog.ts'
import type { Delivery, Image, RawRecord } from '../../exporter/types.ts'
import { besideOf } from '../files/beside.ts'
import { writtenBy } from '../verify/inventory.ts'

/** What SmugMug has of an image beside its file. */
export interface Beside {
  /** A title, a caption or keywords. */
  words: boolean
  /** Those are in a file beside the picture at home. */
  hasSidecar: boolean
  /** A RAW file, as far as its record shows. */
  raw: boolean
}

export function besideFileOf({ title, caption, keywords, raw }: Image, deliveries: readonly Delivery[]): Beside {
  return {
    words: title !== '' || caption !== '' || keywords.length > 0,
    hasSidecar: deliveries.some((delivery) => (besideOf(delivery) ?? []).length > 0),
    raw: hasRaw(raw),
  }
}

/** Extensions of what SmugMug shows; any other one is of a file that was uploaded with the picture. */
const shown = new Set(['jpg', 'jpeg', 'png', 'gif', 'mp4', 'mov', 'heic'])

/** By `ComponentFileTypes`: normally `{ "Image": ["jpg"] }`, or an empty list. */
function hasRaw({ ComponentFileTypes: types }: RawRecord): boolean {
  if (typeof types !== 'object' || types === null) return false
  return Object.entries(types).some(([kind, extensions]) => {
    const all = Array.isArray(extensions) ? extensions : [extensions]
    return !['Image', 'Video'].includes(kind) || all.some((extension) => !shown.has(String(extension).toLowerCase()))
  })
}

/** Exporters that wrote titles, captions and keywords beside the pictures. */
export function describersOnDisk({ state }: Catalog): string[] {
  return ['manifest'].filter((name) => !state.all(writtenBy(name))[Symbol.iterator]().next().done)
}
