import { diskError } from '../../disk-error.ts'
import { SmugdlError } from '../../error.ts'
import type { Delivery, InspectDepth, Inspection } from '../../exporter/types.ts'
import type { Driver } from '../exporters/driver.ts'
import { inspectFile, isFileProof, lookAtFile } from '../files/proof.ts'

/** The result of an inspection. `unreadable`: its contents cannot be read. `unproven`: it cannot be inspected. */
export interface Inspected {
  state: Inspection | 'unreadable' | 'unproven'
  /** Why it cannot be read or inspected. */
  reason?: string
}

/** Whether its bytes are wrong though it looks right: who looks at size and time alone is to read it until it was read and found right. */
export function isUnsound(state: Inspected['state']): boolean {
  return state === 'damaged' || state === 'unreadable'
}

/**
 * Whether a delivery is unchanged: according to its exporter or, if that is not installed (`driver` is absent), to the file's own proof below
 * `root`, the exporter's part of home. Throws only errors that end the command, such as a missing disk.
 */
export async function inspectDelivery(
  { exporter, delivery }: { exporter: string; delivery: Delivery | undefined },
  driver: Driver | undefined,
  root: string,
  depth: InspectDepth,
): Promise<Inspected> {
  if (delivery !== undefined && driver !== undefined) {
    const inspected = await inspectionOf(async () => {
      const state = await driver.inspect(delivery, depth)
      // A copied or touched file may still have the same bytes.
      return state === 'changed' && depth === 'quick' ? driver.inspect(delivery, 'full') : state
    })
    return inspected.state === 'unproven'
      ? { ...inspected, reason: `${exporter} has no inspect() that could look at it` }
      : inspected
  }
  if (isFileProof(delivery))
    return inspectionOf(() => (depth === 'full' ? inspectFile(root, delivery, depth) : lookAtFile(root, delivery)))
  return {
    state: 'unproven',
    reason:
      driver === undefined ? `${exporter}, which has it, is not here to be asked` : `${exporter} shows no file of it`,
  }
}

/** The result for a file that cannot be read, which is a finding and does not end the command. */
export async function inspectionOf(inspect: () => Promise<Inspection | 'unproven'>): Promise<Inspected> {
  try {
    return { state: await inspect() }
  } catch (thrown) {
    const error = diskError(thrown)
    if (!(error instanceof SmugdlError)) throw error
    const code = error.cause instanceof Error && 'code' in error.cause ? error.cause.code : undefined
    if (code === 'EIO') return { state: 'damaged', reason: 'the disk cannot read it' }
    if (code === 'EACCES' || code === 'EPERM') return { state: 'unreadable', reason: 'reading it is not permitted' }
    if (error.kind === 'item') return { state: 'unreadable', reason: error.what }
    throw error
  }
}
