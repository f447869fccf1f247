import type { RunPlan } from '../engine/run/plan.ts'
import { SmugdlError } from '../error.ts'
import type { Flags } from './command.ts'

/** Flags that decide about the originals of files that the user changed at home. */
export const editedFlags = {
  keepEdited: {
    type: 'boolean',
    default: false,
    help: 'Keep the files that you changed, for good, and fetch no originals of them; otherwise originals are saved beside yours, if those are at most 20 or 1% of home',
  },
  restoreOriginals: {
    type: 'boolean',
    default: false,
    help: 'Fetch the originals of all files that you changed at home, and save them beside yours',
  },
} as const satisfies Flags

/** Their values for the plan. Throws `usage` if both are given. */
export function editedPlan({
  keepEdited,
  restoreOriginals,
}: {
  keepEdited: boolean
  restoreOriginals: boolean
}): Pick<RunPlan, 'edited'> {
  if (keepEdited && restoreOriginals)
    throw new SmugdlError('usage', {
      what: '--keep-edited fetches no originals, and --restore-originals fetches them',
      next: 'Give one of them; --no-keep-edited undoes what is settled for all runs',
    })
  if (keepEdited) return { edited: 'keep' }
  return restoreOriginals ? { edited: 'restore' } : {}
}
