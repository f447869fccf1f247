import { describe, test } from 'vitest'
import folder from '../../plugins/folder/index.ts'
import gallery from '../../plugins/gallery/index.ts'
import manifest from '../../plugins/manifest/index.ts'
import zip from '../../plugins/zip/index.ts'
import { builtInExporter } from '../../src/engine/exporters/installed.ts'
import { exporterContract } from '../../src/exporter-suite/exporter-contract.ts'

describe.each([folder, zip, manifest, gallery])('$name', (exporter) => {
  // A run for each moment and each operation takes its time on a busy machine.
  for (const { name, run } of exporterContract(exporter, builtInExporter)) test(name, { timeout: 300_000 }, run)
})
