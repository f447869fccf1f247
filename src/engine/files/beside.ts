import type { Delivery } from '../../exporter/types.ts'
import { type FileProof, inspectFile } from './proof.ts'

/** A sidecar, as it is kept with the delivery of its picture. `yours`: the user wrote or changed it, and it is never touched again. */
export interface Beside extends FileProof {
  /** What its name has after the picture's. */
  readonly suffix: string
  readonly yours?: true
}

/** The sidecars of a delivery; undefined where nobody ever asked which it should have. */
export function besideOf(delivery: Delivery | undefined): readonly Beside[] | undefined {
  return delivery?.beside as readonly Beside[] | undefined
}

/** How many sidecars an archive holds of a picture: its exporter names them in the delivery. */
export function sidecarsInside(delivery: Delivery | undefined): number {
  return Array.isArray(delivery?.sidecars) ? delivery.sidecars.length : 0
}

/** Whether a delivery may lack a sidecar that it should have: none was asked for, or one is not as we left it. By size and time. */
export async function isWithoutSidecar(root: string, delivery: Delivery): Promise<boolean> {
  const beside = besideOf(delivery)
  if (beside === undefined) return true
  for (const sidecar of beside)
    if (sidecar.yours !== true && (await inspectFile(root, sidecar, 'quick')) !== 'ok') return true
  return false
}
