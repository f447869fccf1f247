import { eachStage } from './each-stage.ts'
import { killedAt } from './kill.ts'

/** The same moments each time. All of them: `crash.long.ts`. */
const seed = 1

eachStage('a run that is killed is finished by the next one', 'at some moments', (name) => killedAt(name, 6, seed))
