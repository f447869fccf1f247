import type { Catalog } from '../../catalog/catalog.ts'
import type { JsonRecord } from '../../catalog/row.ts'
import type { Finding, VerifySummary } from './verify.ts'

/** The damage found by the last verification that found any. */
export interface KnownDamage {
  /** Milliseconds since 1970. */
  at: number
  /** Number of missing files, which the next run downloads. */
  missing: number
  /** Number of files that have other bytes or cannot be read; they stay so until they are repaired. */
  damaged: number
}

/**
 * Stores for `status` the damage that a verification found, or that its repair left. An intact share of home says nothing about the others, and
 * size and time say nothing about bytes: only a verification as thorough, of at least the same files, clears earlier damage.
 */
export function keepDamage(
  findings: readonly Finding[],
  { depth, subset, endedAt }: Pick<VerifySummary, 'depth' | 'subset' | 'endedAt'>,
  { state }: Catalog,
): void {
  const missing = findings.filter(({ state }) => state === 'missing').length
  const damaged = findings.filter(({ state }) => state === 'damaged' || state === 'unreadable').length
  const share = subset === undefined ? '' : `${subset.part}/${subset.of}`
  if (missing + damaged > 0) {
    state.set(ofVerify, key, { at: endedAt, missing, damaged, share })
    return
  }
  const before = state.get(ofVerify, key) as JsonRecord | undefined
  if (depth === 'full' && (share === '' || before?.share === share)) state.set(ofVerify, key, undefined)
}

export function knownDamage({ state }: Catalog): KnownDamage | undefined {
  const { at, missing, damaged } = (state.get(ofVerify, key) ?? {}) as JsonRecord
  const isKnown = typeof at === 'number' && typeof missing === 'number' && typeof damaged === 'number'
  return isKnown ? { at, missing, damaged } : undefined
}

/** Key of the state; no exporter's name is empty. */
const ofVerify = ''
const key = 'damage'
