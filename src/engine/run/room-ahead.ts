import { staysHere } from '../exporters/installed.ts'
import { freeBytes } from '../files/free-space.ts'
import { holdsFiles } from '../files/holds-files.ts'
import type { RunPlan } from './plan.ts'
import type { RunParts } from './run-parts.ts'

/** Bytes. */
const most = 2e9

/**
 * Bytes that may wait in staging before their turn. None where the turn might find that they are at home already: before an album has its names
 * nobody can look at the place of a picture, and an exporter that keeps pictures elsewhere is asked in the turn only. So none but in a home
 * that is still empty, where all that comes is known.
 */
export async function roomAhead({ output, dryRun }: RunPlan, { exporters, onHand }: RunParts): Promise<number> {
  const mayHave = exporters.some(({ exporter }) => exporter.keeps === 'elsewhere')
  if (dryRun || onHand !== undefined || mayHave || !exporters.some(staysHere) || (await holdsFiles(output))) return 0
  return Math.min(most, ((await freeBytes(output)) ?? Number.POSITIVE_INFINITY) / 10)
}
