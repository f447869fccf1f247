import { describe, test } from 'vitest'
import zip from '../../plugins/zip/index.ts'
import { builtInExporter } from '../../src/engine/exporters/installed.ts'
import { exporterContract } from '../../src/exporter-suite/exporter-contract.ts'

describe('zip', () => {
  // A run for each moment and each operation takes its time on a busy machine.
  for (const { name, run } of exporterContract(zip, builtInExporter)) test(name, { timeout: 300_000 }, run)
})
