import { describe, test } from 'vitest'
import manifest from '../../plugins/manifest/index.ts'
import { builtInExporter } from '../../src/engine/exporters/installed.ts'
import { exporterContract } from '../../src/exporter-suite/exporter-contract.ts'

describe('manifest', () => {
  // A run for each moment and each operation takes its time on a busy machine.
  for (const { name, run } of exporterContract(manifest, builtInExporter)) test(name, { timeout: 300_000 }, run)
})
