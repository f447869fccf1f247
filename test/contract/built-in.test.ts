import { describe, test } from 'vitest'
import folder from '../../plugins/folder.ts'
import manifest from '../../plugins/manifest.ts'
import zip from '../../plugins/zip.ts'
import { exporterContract } from '../../src/contract/exporter-contract.ts'

describe.each([folder, zip, manifest])('$name', (exporter) => {
  // A run for each moment and each operation takes its time on a busy machine.
  for (const { name, run } of exporterContract(exporter)) test(name, { timeout: 300_000 }, run)
})
