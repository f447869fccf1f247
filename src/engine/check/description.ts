import type { Catalog } from '../../catalog/catalog.ts'
import type { Delivery, Image } from '../../exporter/types.ts'
import { keptSidecars, sidecarsInside } from '../files/kept-sidecars.ts'
import { writtenBy } from '../verify/inventory.ts'

/** What SmugMug has of an image beside its file. */
export interface Description {
  /** A title, a caption or keywords. */
  words: boolean
  /** Those are in a file beside the picture at home. */
  hasSidecar: boolean
}

export function descriptionOf({ title, caption, keywords }: Image, deliveries: readonly Delivery[]): Description {
  return {
    words: title !== '' || caption !== '' || keywords.length > 0,
    hasSidecar: deliveries.some((delivery) => (keptSidecars(delivery) ?? []).length + sidecarsInside(delivery) > 0),
  }
}

/** Exporters that wrote titles, captions and keywords beside the pictures. */
export function describersOnDisk({ state }: Catalog): string[] {
  return ['manifest'].filter((name) => !state.all(writtenBy(name))[Symbol.iterator]().next().done)
}
