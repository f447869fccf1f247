import fc from 'fast-check'
import { replay } from './replay.ts'
import { history } from './steps.ts'

/**
 * Lives through histories until `count` of them or the time is over; returns how many. Fails with the shortest history that breaks a
 * promise, and with what replays it: `SMUGDL_MODEL_SEED` and `SMUGDL_MODEL_PATH`. Without a seed they are others each time.
 */
export async function liveThrough(
  editsAreTold: boolean,
  { count, minutes, seed }: { count: number; minutes: number; seed?: number },
) {
  const { SMUGDL_MODEL_SEED: asked = seed, SMUGDL_MODEL_PATH: path } = process.env
  let lived = 0
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      lived += 1
      await replay(steps, { editsAreTold })
    }),
    {
      numRuns: count,
      interruptAfterTimeLimit: minutes * 60_000,
      ...(asked !== undefined && { seed: Number(asked) }),
      ...(path !== undefined && { path }),
    },
  )
  return lived
}
