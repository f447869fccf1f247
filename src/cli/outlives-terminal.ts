import { closeSync, constants, openSync } from 'node:fs'
import type { Io } from './io.ts'

/**
 * Whether SIGHUP is to be ignored, because the caller of this process asked for that (`nohup smugdl`). Node sets every signal back to its
 * default before our first line, so that `SigIgn` in /proc/self/status shows Node's choice and no longer the one that was inherited. What
 * remains to be seen is the command that the shell names in `_`, and what nohup makes of a process: one that belongs to a terminal and has
 * none of its streams there. The same cannot be seen of SIGINT: nothing parts a job that a script put into the background from one whose
 * input was redirected, and Ctrl-C has to work for that.
 */
export function outlivesTerminal(env: Io['env']): boolean {
  if (process.platform === 'win32') return false
  return /(?:^|\/)nohup$/.test(env._ ?? '') || (hasTerminal() && !streams.some(isTerminal))
}

const streams = [0, 1, 2]

/** Loaded when it is needed: with it comes all of Node's network. */
function isTerminal(stream: number): boolean {
  return process.getBuiltinModule('node:tty').isatty(stream)
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', constants.O_RDONLY | constants.O_NOCTTY))
    return true
  } catch {
    return false
  }
}
