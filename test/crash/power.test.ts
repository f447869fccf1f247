import { eachStage } from './each-stage.ts'
import { cutAt } from './power.ts'

/** The same moments each time. All of them: `crash.long.ts`. */
const seed = 1

eachStage('a power cut takes nothing away that is recorded', 'at some moments', (name) =>
  cutAt(name, { count: 40, finished: 3, seed }),
)
