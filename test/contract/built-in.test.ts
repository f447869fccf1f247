import { describe, test } from 'vitest'
import folder from '../../plugins/folder.ts'
import manifest from '../../plugins/manifest.ts'
import zip from '../../plugins/zip.ts'
import { exporterContract } from '../../src/contract/exporter-contract.ts'

describe.each([folder, zip, manifest])('$name', (exporter) => {
  for (const { name, run } of exporterContract(exporter)) test(name, run)
})
