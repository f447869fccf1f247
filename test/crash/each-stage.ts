import { describe, it } from 'vitest'
import { type StageName, stages } from './stage.ts'
import { whyNoTrace } from './trace.ts'

/** Tries a promise at `which` moments of each stage; `work` tells what it tried. */
export function eachStage(
  promise: string,
  which: string,
  work: (name: StageName) => Promise<string>,
  timeoutMs = 120_000,
): void {
  describe(promise, () => {
    for (const name of Object.keys(stages) as StageName[]) {
      it(
        `${which} of ${name}`,
        async ({ skip }) => {
          const reason = whyNoTrace()
          if (reason !== undefined) skip(reason)
          console.info(`${name}: ${await work(name)}`)
        },
        timeoutMs,
      )
    }
  })
}
