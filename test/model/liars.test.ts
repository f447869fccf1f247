import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import fc from 'fast-check'
import { test } from 'vitest'
import { listing } from '../../src/simulator/listing.ts'
import { World } from '../../src/simulator/world.ts'
import { Backup } from '../engine/adopt/backup.ts'
import { claim } from './claim.ts'
import { answers, type Character, liar, ways } from './liar.ts'
import { proofOf } from './proof-of.ts'

type Step =
  | { do: 'run'; by: Character; full: boolean }
  | { do: 'delete'; file: number }
  | { do: 'replace'; image: number }

const character: fc.Arbitrary<Character> = fc.record({
  ways: fc.uniqueArray(fc.constantFrom(...(Object.keys(ways) as (keyof typeof ways)[])), {
    minLength: 1,
    maxLength: 5,
  }),
  answers: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.constantFrom(...answers)),
  keeps: fc.oneof({ weight: 5, arbitrary: fc.constant('here' as const) }, fc.constant('nothing' as const)),
})

const history: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('run' as const), by: character, full: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), file: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('replace' as const), image: fc.nat(5) }) },
  ),
  { minLength: 1, maxLength: 5 },
)

/** Two albums with equal names and two pictures with equal bytes. */
function account(): World {
  const world = new World()
  for (const name of ['Picnic', 'Walk']) {
    const album = world.addAlbum({ name })
    for (const fileName of ['1.jpg', '2.jpg']) world.addImage(album, { fileName })
    world.addImage(album, { fileName: 'twin.jpg', seed: 77, size: 5000 })
  }
  return world
}

/** Whatever the exporter said: what the certificate calls the same is at home, a file for each image, and nothing open is called complete. */
async function nothingFalseIsCertified(backup: Backup, by: Character): Promise<void> {
  const { certificate, items, verified } = await proofOf(backup, liar(by))
  const md5s = [...(await backup.files()).values()].map(({ md5 }) => md5)
  const same = new Set(items.filter(({ verdict }) => verdict.kind === 'same').map(({ image }) => image))
  const claimed = Map.groupBy(
    [...listing(backup.smugmug.world)].filter(({ imageKey }) => same.has(imageKey)),
    ({ md5 }) => md5,
  )
  for (const [md5, images] of claimed) {
    const files = md5s.filter((there) => there === md5).length
    claim(files >= images.length, `${images.length} images are said to be home with ${md5}, ${files} files have it`)
  }
  const all = [...listing(backup.smugmug.world)].length
  claim(!certificate.complete || same.size === all, `complete means all ${all}, not ${same.size}`)
  const sizes = [...(await backup.files()).values()].reduce((sum, { size }) => sum + size, 0)
  claim(verified.bytes <= sizes, `${verified.bytes} bytes were read of ${sizes}`)
}

test('no exporter, whatever it does and says, gets a certificate for what is not at home', async () => {
  const seed = createHash('sha256').update('liars').digest().readInt32BE()
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      await using backup = await Backup.of(account())
      for (const step of steps) {
        const { world } = backup.smugmug
        if (step.do === 'replace') {
          const images = [...world.images.values()]
          const image = images[step.image % images.length]
          if (image !== undefined) world.replaceImage(image)
        } else if (step.do === 'delete') {
          const paths = await backup.paths().catch(() => [])
          const path = paths[step.file % Math.max(1, paths.length)]
          if (path !== undefined) await rm(backup.at(path))
        } else {
          backup.exporters = [liar(step.by)]
          const { failedInAll, made, unkept } = await backup.run({ full: step.full })
          await nothingFalseIsCertified(backup, step.by)
          // A replaced picture need not be announced: only a full run is sure to see it.
          if (
            !step.full ||
            failedInAll > 0 ||
            made !== undefined ||
            unkept !== undefined ||
            step.by.answers !== undefined
          )
            continue
          const { certificate } = await proofOf(backup, liar(step.by))
          claim(certificate.complete, 'a run without failures, by one that only copies, is certified')
        }
      }
    }),
    { seed, numRuns: 80, interruptAfterTimeLimit: 120_000 },
  )
}, 300_000)
