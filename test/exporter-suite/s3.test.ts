import { afterAll, beforeAll, describe, test } from 'vitest'
import { builtInExporter } from '../../src/engine/exporters/installed.ts'
import { exporterContract } from '../../src/exporter-suite/exporter-contract.ts'
import { type SimulatedStore, simulateStore } from '../../src/simulator/s3/simulate-store.ts'
import { keepsIn, login, s3 } from '../plugins/s3/store.ts'

let store: SimulatedStore
beforeAll(async () => {
  store = await simulateStore()
  login(store)
})
afterAll(() => store.close())

describe('s3, with a look into the bucket', () => {
  const checks = exporterContract(s3, builtInExporter, (output) => keepsIn(store)(output))
  for (const { name, run } of checks) test(name, { timeout: 300_000 }, run)
})
