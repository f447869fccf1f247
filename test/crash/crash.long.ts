import { eachStage } from './each-stage.ts'
import { failingAt } from './failing.ts'
import { killedAt } from './kill.ts'
import { cutAt } from './power.ts'

/** Moments of each stage, evenly spread: all of them, which takes hours, or as many as there is time for. */
const moments = Number(process.env.SMUGDL_CRASH_MOMENTS ?? Number.POSITIVE_INFINITY)
const hours = 3 * 60 * 60_000
const seed = Number(process.env.SMUGDL_CRASH_SEED ?? Date.now())

eachStage(
  'a run that is killed is finished by the next one',
  'at every moment',
  (name) => killedAt(name, moments, 0),
  hours,
)
eachStage(
  'a power cut takes nothing away that is recorded',
  'at every moment',
  async (name) => `${await cutAt(name, { count: moments, finished: 40, seed })} (seed ${seed})`,
  hours,
)
eachStage(
  'a disk that is full or fails ends a run with 4, leaves nothing wrong, and the next run completes',
  'at every call',
  (name) => failingAt(name, moments, 0),
  hours,
)
