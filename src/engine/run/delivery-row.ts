import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { Album, Image } from '../../exporter/types.ts'
import type { Driver } from '../exporters/driver.ts'

/** What is recorded of an image that an exporter has from now on; `what` is all that does not follow from whose it is. Times are milliseconds since 1970. */
export function deliveryRow<
  What extends Omit<DeliveryRow, 'exporter' | 'album' | 'image' | 'component' | 'deliveredAt'>,
>(driver: Driver, album: Album, { key, component }: Image, deliveredAt: number, what: What) {
  return { exporter: driver.name, album: album.key, image: key, component, deliveredAt, ...what }
}
