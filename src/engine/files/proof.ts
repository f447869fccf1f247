import { join } from 'node:path'
import type { Delivery, InspectDepth, Inspection } from '../../exporter/types.ts'
import { isBrokenText } from './broken-text.ts'
import { hashOf } from './hash.ts'
import { isBelow } from './is-below.ts'
import { lstat } from './quick-disk-calls.ts'
import { statOf } from './same-file.ts'

/** Proves a plain file that we wrote; kept with its delivery. Times are in milliseconds since 1970, as returned by the file system. */
export interface FileProof extends Delivery {
  readonly size: number
  readonly sha256: string
  readonly modifiedMs: number
  /** Where it was put, if the user has moved it since. It stays where the user put it, and so does its successor. */
  readonly movedFrom?: string
  /** The user changed it and keeps it so: it no longer has these bytes, and is the user's. */
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

/** Whether it is a file that the user changed and keeps so (`--keep-edited`), unless it is ours again. */
export function isKeptEdited(delivery: Delivery | undefined): delivery is FileProof {
  return isFileProof(delivery) && delivery.edited === true
}

export async function proofOf(root: string, path: string, sha256: string): Promise<FileProof> {
  const { size, mtimeMs } = await lstat(join(root, path))
  return { path, size, sha256, modifiedMs: mtimeMs }
}

/**
 * Whether two times of a file, in milliseconds since 1970, are the same. A program that copies a home may keep only microseconds or milliseconds,
 * and nobody else writes a file in the same millisecond as we do.
 */
function isSameTime(one: number, other: number): boolean {
  return Math.abs(one - other) < 1
}

/** Compares a file with its proof. `changed`: by somebody. `damaged`: by the disk. */
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

/** Compares size and time. A file that seems changed is read, because it may only have been copied or touched. */
export async function lookAtFile(root: string, proof: FileProof): Promise<Inspection> {
  const state = await inspectFile(root, proof, 'quick')
  return state === 'changed' ? inspectFile(root, proof, 'full') : state
}

/** Whether it is what we wrote, apart from its time, or what a disk left of it. */
export async function isStillOurs(root: string, proof: FileProof): Promise<boolean> {
  const state = await lookAtFile(root, proof)
  return state === 'ok' || state === 'damaged'
}

/** Whether we wrote these bytes and they are still there. They may have rotted since; then the same bytes are delivered again for a reason. */
export async function isIntact(root: string, proof: FileProof, sha256: string): Promise<boolean> {
  return proof.sha256 === sha256 && (await inspectFile(root, proof, 'full')) === 'ok'
}
