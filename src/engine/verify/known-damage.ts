import type { Catalog } from '../../catalog/catalog.ts'
import type { JsonRecord } from '../../catalog/row.ts'
import type { Finding, VerifySummary } from './verify.ts'

/** What the last verification to find any found. */
export interface KnownDamage {
  /** Milliseconds since 1970. */
  at: number
  /** Files that were not there: the next run fetches them. */
  missing: number
  /** Files with other bytes, or that cannot be read: they stay so until they are repaired. */
  damaged: number
}

/**
 * Keeps what a verification found, or what its repair left, for `status`. What one share of home was right is no news of the others, and
 * size and time alone say nothing of bytes: only who looked as closely, at the same files at least, finds that all is well again.
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

/** No exporter's name is empty. */
const ofVerify = ''
const key = 'damage'
