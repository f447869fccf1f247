import type { RunPlan } from '../engine/run/plan.ts'
import { SmugdlError } from '../error.ts'
import type { Flags } from './command.ts'

/** Flags that decide what a run may remove from home. */
export const mirrorFlags = {
  mirror: {
    type: 'boolean',
    default: false,
    help: 'Move pictures that are gone from SmugMug to the trash (.smugdl/trash); otherwise they stay and are counted',
  },
  maxDelete: {
    type: 'text',
    hint: 'N|N%',
    help: 'With --mirror: remove nothing if that would be more than this; default: 10% of home, or 20 files if that is more',
  },
  pruneTrash: { type: 'text', hint: 'DAYS', help: 'Permanently delete what has been in the trash for this many days' },
} as const satisfies Flags

interface Values {
  mirror: boolean
  maxDelete: string | undefined
  pruneTrash: string | undefined
}

/** Their values for the plan. Throws `usage` for an invalid amount. */
export function mirrorPlan({ mirror, maxDelete, pruneTrash }: Values): Pick<RunPlan, 'mirror' | 'pruneTrashDays'> {
  const most = maxDelete === undefined ? 'default' : mostOf(maxDelete)
  if (maxDelete !== undefined && !mirror)
    throw new SmugdlError('usage', {
      what: '--max-delete does nothing without --mirror',
      next: 'Give both, or neither: without --mirror nothing is removed',
    })
  return {
    ...(mirror && { mirror: most }),
    ...(pruneTrash !== undefined && { pruneTrashDays: daysOf(pruneTrash) }),
  }
}

function mostOf(text: string): NonNullable<RunPlan['mirror']> {
  const [, digits, percent] = /^(\d{1,9})(%?)$/.exec(text) ?? []
  const amount = Number(digits)
  if (digits !== undefined && percent === '') return { files: amount }
  if (digits !== undefined && amount <= 100) return { percent: amount }
  throw new SmugdlError('usage', {
    what: '--max-delete takes a number of files, or a percentage of them',
    item: text,
    next: 'For instance --max-delete 50, or --max-delete 5%',
  })
}

function daysOf(text: string): number {
  const [, digits] = /^(\d{1,5})d?$/.exec(text) ?? []
  if (Number(digits) >= 1) return Number(digits)
  throw new SmugdlError('usage', {
    what: '--prune-trash takes a number of days, at least 1',
    item: text,
    next: 'For instance --prune-trash 90, or 90d',
  })
}
