import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { isFileProof } from '../files/proof.ts'
import type { Driver } from './driver.ts'

/**
 * What a delivery is worth: a `copy` of the picture's bytes; a file that its exporter `made` of it, which proves nothing; a copy that is kept
 * `elsewhere`; or `nothing`, because its exporter keeps nothing, or wants no bytes, or none is known to be of them. `driver` is absent where
 * its exporter is not here.
 */
export type Standing = 'copy' | 'made' | 'elsewhere' | 'nothing'

export function standingOf(
  { delivery, facts }: Pick<DeliveryRow, 'delivery' | 'facts'>,
  driver: Driver | undefined,
): Standing {
  if (facts.sha256 === '') return 'nothing'
  if (isFileProof(delivery)) return delivery.sha256 === facts.sha256 && delivery.size === facts.size ? 'copy' : 'made'
  if (driver?.keeps === 'nothing') return 'nothing'
  if (driver?.keeps === 'elsewhere') return 'elsewhere'
  // An archive: only its exporter can show that the picture is in it.
  if (delivery !== undefined && driver?.canRead) return 'copy'
  return delivery === undefined ? 'nothing' : 'made'
}
