import { isDeepStrictEqual } from 'node:util'
import type { Delivery } from '../../exporter/types.ts'
import { type FileProof, inspectFile } from './proof.ts'

/** A sidecar, as it is kept with the delivery of its picture. `yours`: the user wrote or changed it, and it is never touched again. */
export interface KeptSidecar extends FileProof {
  /** What its name has after the picture's. */
  readonly suffix: string
  readonly yours?: true
}

/** The sidecars of a delivery; undefined where nobody ever asked which it should have. */
export function keptSidecars(delivery: Delivery | undefined): readonly KeptSidecar[] | undefined {
  return delivery?.beside as readonly KeptSidecar[] | undefined
}

/** How many sidecars of a picture an exporter keeps itself, in an archive or elsewhere: it names them in the delivery. */
export function sidecarsInside(delivery: Delivery | undefined): number {
  return Array.isArray(delivery?.sidecars) ? delivery.sidecars.length : 0
}

/** How many of those say something else than they did `before`. */
export function sidecarsWritten(before: Delivery | undefined, now: Delivery | undefined): number {
  const earlier = saidIn(before)
  return saidIn(now).filter((said, index) => !isDeepStrictEqual(said, earlier[index])).length
}

/** Distinguishes texts: by `said` of each, if the exporter has that, or by what it keeps of each. */
function saidIn({ said, sidecars }: Partial<Delivery> = {}): readonly unknown[] {
  const those = said ?? sidecars
  return Array.isArray(those) ? those : []
}

/** Whether a delivery may lack a sidecar that it should have: none was asked for, or one is not as we left it. By size and time. */
export async function isWithoutSidecar(root: string, delivery: Delivery): Promise<boolean> {
  const beside = keptSidecars(delivery)
  if (beside === undefined) return true
  for (const sidecar of beside)
    if (sidecar.yours !== true && (await inspectFile(root, sidecar, 'quick')) !== 'ok') return true
  return false
}
