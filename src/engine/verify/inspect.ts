import { diskError } from '../../disk-error.ts'
import { SmugdlError } from '../../error.ts'
import type { Delivery, InspectDepth, Inspection } from '../../exporter/types.ts'
import type { Driver } from '../exporters/driver.ts'

/** How a delivery was found: `unreadable` when nobody can tell what it holds, `unproven` when its exporter cannot tell, or is not there. */
export interface Look {
  state: Inspection | 'unreadable' | 'unproven'
  /** Why it cannot be read. */
  reason?: string
}

/** Asks the exporter whether a delivery is as it was left. Throws what ends the command: the disk is gone. */
export async function lookAt(
  delivery: Delivery | undefined,
  driver: Driver | undefined,
  depth: InspectDepth,
): Promise<Look> {
  if (delivery === undefined || driver === undefined || !driver.canInspect) return { state: 'unproven' }
  return seen(() => driver.inspect(delivery, depth))
}

/** What an inspection comes to when the file cannot be read: that is a finding, not an end. */
export async function seen(inspect: () => Promise<Inspection>): Promise<Look> {
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
