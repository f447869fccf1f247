import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { readPhotoPath } from '../../src/simulator/photo-url.ts'
import { readHome } from '../e2e/home.ts'
import { type Cut, Disk } from './disk.ts'
import { sample, told } from './points.ts'
import { type Stage, type StageName, stage } from './stage.ts'

/**
 * The power goes before each of some calls of a run in turn, and takes with it all that was not made durable. Then whatever the catalog
 * has recorded is there; and for `finished` of them, the next run completes.
 */
export async function cutAt(
  name: StageName,
  { count, finished, seed }: { count: number; finished: number; seed: number },
): Promise<string> {
  await using staged = await stage(name)
  const { calls } = await staged.record()
  const { before } = staged
  const newDisk = () => (existsSync(before) ? Disk.of(before) : new Disk())
  const whole = await newDisk()
  for (const call of calls) whole.apply(call)
  expect(await whole.sees(staged.scene.output), 'the calls were read as the kernel did them').toBe(true)
  const disk = await newDisk()
  const moments = new Set(sample([...calls.keys()], count, seed))
  const completed = new Set(sample([...moments], finished, seed))
  let recorded = 0
  for (const [moment, call] of calls.entries()) {
    for (const cut of moments.has(moment) ? (['nothing', 'only of the catalog'] as const) : []) {
      try {
        recorded = Math.max(recorded, await powerCut(disk, cut, staged))
        if (completed.has(moment)) await completes(staged)
      } catch (error) {
        const where = told({ call: call.name, path: call.paths.at(-1) ?? '', time: call.time })
        throw new Error(`without power before ${where}, where ${cut} that was not durable stays: ${error}`, {
          cause: error,
        })
      }
    }
    disk.apply(call)
  }
  await staged.reset()
  return `without power at ${moments.size} of ${calls.length} moments; up to ${recorded} deliveries recorded`
}

/** Makes home what the cut leaves of it. How many deliveries are recorded; the bytes of each are there. */
async function powerCut(disk: Disk, cut: Cut, { scene, lost }: Stage): Promise<number> {
  const { output, smugmug } = scene
  await rm(output, { recursive: true, force: true })
  await disk.afterPowerCut(cut, output)
  expect(await lost()).toEqual([])
  const path = join(output, '.smugdl', 'catalog.sqlite')
  if (!existsSync(path)) return 0
  using catalog = Catalog.openCopy(path)
  expect(catalog.integrity()).toEqual([])
  // What a mirror has moved to the trash, and has not forgotten yet, is there too.
  const files = [...(await readHome(output)), ...(await readHome(join(output, '.smugdl', 'trash')))]
  const contents = new Set(files.map(([, file]) => (typeof file === 'object' ? file.md5 : undefined)))
  const now = new Map([...smugmug.listing()].map((image) => [`${image.albumKey} ${image.imageKey}`, image.md5]))
  let recorded = 0
  const wrong: string[] = []
  for (const { album, image, delivery, facts, pending } of catalog.deliveries.of('folder')) {
    if (pending || delivery === undefined) continue
    recorded += 1
    // What was under way is at its next place, or its next version is.
    const isThere = contents.has(facts.md5) || contents.has(now.get(`${album} ${image}`))
    if (!isThere) wrong.push(delivery.path)
  }
  expect(wrong).toEqual([])
  return recorded
}

/** The next run makes home whole, and fetches nothing that is there. */
async function completes({ scene, nextRunCompletes }: Stage): Promise<void> {
  const before = scene.smugmug.requests.length
  const home = new Set([...(await readHome(scene.output)).values()].map((file) => typeof file === 'object' && file.md5))
  const wanted = new Map([...scene.smugmug.listing()].map(({ imageKey, md5 }) => [imageKey, md5]))
  await nextRunCompletes()
  const fetched = scene.smugmug.requests.slice(before).flatMap(({ kind, path }) => {
    const asked = kind === 'media' ? readPhotoPath(path) : undefined
    return asked ? [wanted.get(asked.key) ?? asked.key] : []
  })
  expect(fetched.filter((md5) => home.has(md5))).toEqual([])
}
