import { SmugdlError } from '../error.ts'
import { execFlags } from './flags.ts'

/** The commands to run after a run has ended (`exec-after.ts` runs them). */
export type ExecChoice = { readonly [Name in keyof typeof execFlags]: string | undefined }

export function asksForCommands(choice: ExecChoice): boolean {
  return Object.keys(execFlags).some((name) => choice[name as keyof ExecChoice] !== undefined)
}

/** Throws `usage` if they would have no effect. */
export function refuseInDryRun(choice: ExecChoice & { dryRun: boolean }): void {
  if (!choice.dryRun || !asksForCommands(choice)) return
  throw new SmugdlError('usage', {
    what: '--exec-on-success, --exec-on-failure and --exec-on-finish do nothing with --dry-run',
    next: 'Try the command by itself: echo {} | CMD',
  })
}
