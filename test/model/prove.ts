import { join } from 'node:path'
import { Catalog } from '../../src/catalog/catalog.ts'
import { type Certificate, draftCertificate } from '../../src/engine/check/certificate.ts'
import { check } from '../../src/engine/check/check.ts'
import type { CheckEvent } from '../../src/engine/check/compare-account.ts'
import { type VerifySummary, verify } from '../../src/engine/verify/verify.ts'
import type { Exporter } from '../../src/exporter/types.ts'
import type { SmugMug } from '../../src/smugmug/connect.ts'
import { installed } from '../installed.ts'

/** What `smugdl verify` and `smugdl check` say of a home. */
export interface Proof {
  verified: VerifySummary
  certificate: Certificate
  items: readonly Extract<CheckEvent, { type: 'item' }>[]
}

/** Looks at every byte, and asks for everything that the account lists. Undefined where there was no run yet. */
export async function prove(
  output: string,
  smugmug: SmugMug,
  all: Readonly<Record<string, Exporter>>,
  now: number,
): Promise<Proof | undefined> {
  const path = join(output, '.smugdl', 'catalog.sqlite')
  const { signal } = new AbortController()
  const exporters = Object.values(all).map(installed)
  const exporterOptions = {
    folder: { path: '{album.path}/{name}', mtime: 'captured', duplicates: 'copy' },
    zip: { path: '{album.path}.zip', entry: '{name}' },
  }
  const parts = { exporters, now: () => now, draining: signal, signal }
  using scratch = Catalog.openCopy(path)
  if (scratch.account.get() === undefined) return undefined
  const verified = await verify(
    { output, exporterOptions, depth: 'full', readers: 2 },
    { ...parts, catalog: scratch, emit() {} },
  )
  const choice = { albums: [], exclude: [] }
  const facts = { home: output, startedAt: now, version: 'test', depth: 'full', exporters: [], choice } as const
  const draft = draftCertificate(facts)
  const silent = { notice() {}, beforehand() {}, detail() {} }
  const items: Extract<CheckEvent, { type: 'item' }>[] = []
  const plan = { output, exporterOptions, ...choice, exporters: [], depth: 'full' } as const
  for await (const event of check(plan, { ...parts, smugmug, scratch, verified() {}, ...silent })) {
    draft.add(event)
    if (event.type === 'item') items.push(event)
  }
  return { verified, certificate: draft.finish({ endedAt: now, notices: [] }), items }
}
