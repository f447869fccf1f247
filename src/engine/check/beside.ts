import type { Catalog } from '../../catalog/catalog.ts'
import type { Delivery, Image } from '../../exporter/types.ts'
import { besideOf, sidecarsInside } from '../files/beside.ts'
import { writtenBy } from '../verify/inventory.ts'

/** What SmugMug has of an image beside its file. */
export interface Beside {
  /** A title, a caption or keywords. */
  words: boolean
  /** Those are in a file beside the picture at home. */
  hasSidecar: boolean
}

export function besideFileOf({ title, caption, keywords }: Image, deliveries: readonly Delivery[]): Beside {
  return {
    words: title !== '' || caption !== '' || keywords.length > 0,
    hasSidecar: deliveries.some((delivery) => (besideOf(delivery) ?? []).length + sidecarsInside(delivery) > 0),
  }
}

/** Exporters that wrote titles, captions and keywords beside the pictures. */
export function describersOnDisk({ state }: Catalog): string[] {
  return ['manifest'].filter((name) => !state.all(writtenBy(name))[Symbol.iterator]().next().done)
}
