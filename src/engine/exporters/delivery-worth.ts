import type { DeliveryRow } from '../../catalog/deliveries.ts'
import { isFileProof } from '../files/proof.ts'
import type { Driver } from './driver.ts'

/**
 * What a delivery proves: a `copy` of the picture's bytes; a file that its exporter `made` from it, which proves nothing; a copy kept
 * `elsewhere`; or `nothing`, because its exporter keeps nothing, uses no bytes, or no file is known to contain them. `driver` is absent if
 * its exporter is not installed.
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
