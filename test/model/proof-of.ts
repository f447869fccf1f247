import type { Exporter } from '../../src/exporter/types.ts'
import { connect } from '../../src/smugmug/connect.ts'
import type { Backup } from '../engine/adopt/backup.ts'
import { type Proof, prove } from './prove.ts'

/** What `verify` and `check` say of a backup that was run, every byte read. */
export async function proofOf(backup: Backup, exporter: Exporter): Promise<Proof> {
  const { origin, credentials } = backup.smugmug
  const { signal } = new AbortController()
  await using smugmug = connect({ origin, credentials, userAgent: 'smugdl/test', signal, onEvent() {} })
  const proof = await prove(backup.output, smugmug, { [exporter.name]: exporter }, backup.now)
  if (proof === undefined) throw new Error('no run was made')
  return proof
}
