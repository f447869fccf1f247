import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Catalog } from '../catalog/catalog.ts'
import { standingOf } from '../engine/exporters/delivery-worth.ts'
import type { Driver } from '../engine/exporters/driver.ts'
import { offlineDrivers } from '../engine/exporters/offline-drivers.ts'
import { isFileProof } from '../engine/files/proof.ts'
import type { Exporter } from '../exporter/types.ts'
import type { Stage } from './stage.ts'

/**
 * Asserts that everything that the catalog records as delivered by this exporter exists and is right: by smugdl's own inspection, by the
 * exporter's `inspect`, and by the bytes that it returns. Returns the paths.
 */
export async function proveDeliveries(exporter: Exporter, stage: Stage): Promise<string[]> {
  using catalog = stage.openCatalog()
  const driver = await driverOf(exporter, stage, catalog)
  const paths = new Set<string>()
  const known = new Set<string>()
  for (const row of [...catalog.deliveries.of(exporter.name)]) {
    const { image, delivery, facts } = row
    assert.ok(!row.pending, `${image} is still pending after the run`)
    if (delivery === undefined) continue
    const identity = JSON.stringify(delivery)
    assert.ok(!known.has(identity), `two images have one delivery: ${identity}`)
    known.add(identity)
    paths.add(delivery.path)
    const what = `${image} (${delivery.path})`
    for (const depth of ['quick', 'full'] as const) {
      const state = await driver.inspect(delivery, depth)
      assert.notEqual(state, 'unproven', `nobody can look at ${what}: what is kept elsewhere needs an inspect()`)
      assert.equal(state, 'ok', `inspect(${depth}) finds ${what} ${state}`)
    }
    if (standingOf(row, driver) === 'made')
      assert.ok(
        exporter.alters,
        `${delivery.path} has not the bytes of the picture that it is made of (${image}): if that is what it is for, say alters: true`,
      )
    const given = driver.read(delivery)
    if (given !== undefined) {
      assert.equal(sha256(await buffer(given)), facts.sha256, `read() gives other bytes of ${what}`)
    }
  }
  return [...paths].sort()
}

/** Paths of deliveries that exist. */
export async function foundHere(exporter: Exporter, stage: Stage): Promise<string[]> {
  using catalog = stage.openCatalog()
  const driver = await driverOf(exporter, stage, catalog)
  const found: string[] = []
  for (const { delivery } of [...catalog.deliveries.of(exporter.name)]) {
    if (delivery === undefined || driver.keeps === 'nothing') continue
    if ((await driver.inspect(delivery, 'quick')) !== 'missing') found.push(delivery.path)
  }
  return found
}

/** Whether the bytes of all its deliveries can be read from home. */
export async function givesBack(exporter: Exporter, stage: Stage): Promise<boolean> {
  using catalog = stage.openCatalog()
  const driver = await driverOf(exporter, stage, catalog)
  return [...catalog.deliveries.of(exporter.name)].every(
    ({ delivery }) => delivery !== undefined && (isFileProof(delivery) || driver.read(delivery) !== undefined),
  )
}

async function driverOf(exporter: Exporter, stage: Stage, catalog: Catalog): Promise<Driver> {
  const signal = new AbortController().signal
  const parts = { catalog, now: Date.now, signal, notice() {} }
  const [driver] = await offlineDrivers([stage.install(exporter)], stage.planOf([exporter]), parts)
  assert.ok(driver)
  return driver
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
