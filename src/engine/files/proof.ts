import { join } from 'node:path'
import type { Delivery, InspectDepth, Inspection } from '../../exporter/types.ts'
import { isBrokenText } from './broken-text.ts'
import { hashOf } from './hash.ts'
import { isBelow } from './is-below.ts'
import { lstat } from './quick-disk-calls.ts'
import { statOf } from './same-file.ts'

/** What proves a plain file that we wrote: kept with its delivery. Times in milliseconds since 1970, as the file system gave them back. */
export interface FileProof extends Delivery {
  readonly size: number
  readonly sha256: string
  readonly modifiedMs: number
  /** Where it was put, when the user has moved it since: it stays where the user wants it, and so does what replaces it. */
  readonly movedFrom?: string
  /** The user changed it and keeps it so: these are no longer its bytes, and it is the user's. */
  readonly edited?: true
}

/** Whether a delivery is a plain file that `Destination` wrote. */
export function isFileProof(delivery: Delivery | undefined): delivery is FileProof {
  return (
    delivery !== undefined &&
    typeof delivery.size === 'number' &&
    typeof delivery.sha256 === 'string' &&
    typeof delivery.modifiedMs === 'number'
  )
}

/** Whether it is a file that the user changed and keeps so (`--keep-edited`), as long as it is none of ours again. */
export function isKeptEdited(delivery: Delivery | undefined): delivery is FileProof {
  return isFileProof(delivery) && delivery.edited === true
}

export async function proofOf(root: string, path: string, sha256: string): Promise<FileProof> {
  const { size, mtimeMs } = await lstat(join(root, path))
  return { path, size, sha256, modifiedMs: mtimeMs }
}

/**
 * Whether two times of a file are one, in milliseconds since 1970: whoever copies a home may keep them to a microsecond or a millisecond only,
 * and nobody else writes a file within the millisecond in which we did.
 */
function isSameTime(one: number, other: number): boolean {
  return Math.abs(one - other) < 1
}

/** Compares a file with its proof. `changed` is by somebody; what a disk did to it is `damaged`. */
export async function inspectFile(root: string, proof: FileProof, depth: InspectDepth): Promise<Inspection> {
  if (!isBelow(root, proof.path)) return 'missing'
  const path = join(root, proof.path)
  const there = await statOf(path)
  if (there === undefined) return 'missing'
  if (!there.isFile()) return 'changed'
  const sameTime = isSameTime(there.mtimeMs, proof.modifiedMs)
  if (depth === 'quick') return there.size === proof.size && sameTime ? 'ok' : 'changed'
  if (there.size === proof.size && (await hashOf(path, there.size)) === proof.sha256) return 'ok'
  const isDamaged = (there.size === proof.size && sameTime) || (await isBrokenText(path, there.size))
  return isDamaged ? 'damaged' : 'changed'
}

/** By size and time; a file that seems changed is read, as it may only have been copied or touched, and still be what we wrote. */
export async function lookAtFile(root: string, proof: FileProof): Promise<Inspection> {
  const state = await inspectFile(root, proof, 'quick')
  return state === 'changed' ? inspectFile(root, proof, 'full') : state
}

/** Whether it is what we wrote, but for its time, or what a disk left of that. */
export async function isStillOurs(root: string, proof: FileProof): Promise<boolean> {
  const state = await lookAtFile(root, proof)
  return state === 'ok' || state === 'damaged'
}

/** Whether what we wrote are these bytes, and still is: it may have rotted since, and then the same bytes come for a reason. */
export async function isIntact(root: string, proof: FileProof, sha256: string): Promise<boolean> {
  return proof.sha256 === sha256 && (await inspectFile(root, proof, 'full')) === 'ok'
}
