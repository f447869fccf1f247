import type { Surroundings } from '../app/environment.ts'
import type { RunEvent, RunSummary } from '../engine/events.ts'
import type { Context } from './command.ts'
import type { RunOutcome } from './exec-after.ts'
import { asksForCommands, type ExecChoice } from './exec-choice.ts'
import { codeOf, type ExitCode, exitCodes } from './exit.ts'
import { logged } from './logged.ts'
import { exitCodeOf } from './run-end.ts'
import { type Show, showRun } from './show-run.ts'

/**
 * Performs the run of `download` or `retry`: shows it, logs it, and reports its end, of whatever kind, to the user's own programs. `work`
 * resolves with undefined if there was nothing to do.
 */
export async function attendedRun(
  values: Show & ExecChoice,
  context: Context,
  work: (use: Surroundings<RunEvent>) => Promise<RunSummary | undefined>,
): Promise<ExitCode> {
  return logged(values, context, async (log) => {
    const outcome: RunOutcome = { exitCode: 0 }
    const listening = (use: Surroundings<RunEvent>): Surroundings<RunEvent> => ({
      ...use,
      events(event) {
        if (event.type === 'run.started') outcome.output = event.output
        if (event.type === 'run.finished' || event.type === 'run.stopped') outcome.end = event
        use.events(event)
      },
    })
    try {
      const summary = await showRun(values, context, (use) => work(listening(use)), log)
      if (summary === undefined && !values.quiet && !values.json)
        context.io.stderr.write('Nothing has failed: there is nothing to ask for again.\n')
      outcome.exitCode = summary === undefined ? 0 : exitCodeOf(summary)
    } catch (error) {
      outcome.exitCode = codeOf(error)
      outcome.error = error
    }
    if (asksForCommands(values)) {
      const { afterRun } = await import('./exec-after.ts')
      await afterRun(values, outcome, context, log)
    }
    // Stopped on purpose and without failures: no reason for a mail from cron.
    const isSilent = values.quiet && outcome.exitCode === exitCodes.stopped
    if (outcome.error !== undefined && !isSilent) throw outcome.error
    return outcome.exitCode
  })
}
