import { type Status, statusOf } from '../engine/query/status.ts'
import type { OutputChoice } from './catalog-queries.ts'
import type { Surroundings } from './environment.ts'
import { homeToRead } from './homes.ts'
import { hasHome, openCommitted, type UnderWay } from './output.ts'

export interface HomeStatus extends Status {
  /** Absolute. */
  output: string
  /** No run was ever begun there. */
  isNone: boolean
  underWay: UnderWay | undefined
}

/** How the runs of a home went lately; waits for nobody. */
export async function status({ output }: OutputChoice, use: Surroundings): Promise<HomeStatus> {
  const path = await homeToRead(output, use)
  if (!hasHome(path))
    return { output: path, isNone: true, lastComplete: undefined, failedSince: [], underWay: undefined }
  using home = await openCommitted(path, use)
  const { catalog, underWay } = home
  return { output: path, isNone: false, ...statusOf(catalog, underWay !== undefined), underWay }
}
