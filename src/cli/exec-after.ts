import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEvent } from '../engine/events.ts'
import type { Context } from './command.ts'
import type { ExecChoice } from './exec-choice.ts'
import { type ExitCode, exitCodes, explained } from './exit.ts'
import { listenForInterrupt } from './interrupt.ts'
import type { Io } from './io.ts'
import { jsonLine } from './json-line.ts'
import type { LogFile } from './log-file.ts'
import { type RunReport, summaryFields } from './render/ndjson.ts'
import { isCredential, scrubbed } from './secrets.ts'

export interface RunOutcome {
  exitCode: ExitCode
  /** Absolute path; absent if the run did not get that far. */
  output?: string
  end?: Extract<RunEvent, { type: 'run.finished' | 'run.stopped' }>
  error?: unknown
}

/** Time limit of a command; shorter after an interruption, because a stopped container is killed soon. */
const mostMs = 300_000
const mostMsInterrupted = 2_000
/** Maximum number of characters shown of a command's output. */
const mostShown = 64 * 1024

/** Runs the commands given for this kind of end, one after the other. Their own exit is reported and has no other effect. */
export async function afterRun(
  choice: ExecChoice,
  outcome: RunOutcome,
  { io, secrets }: Context,
  log: LogFile | undefined,
  patienceMs: number = outcome.exitCode === exitCodes.cancelled ? mostMsInterrupted : mostMs,
): Promise<void> {
  const report = (text: string) => {
    io.stderr.write(`smugdl: ${text}\n`)
    log?.write(text, 'warn')
  }
  for (const [flag, command] of commandsFor(choice, outcome.exitCode)) {
    const json = scrubbed(jsonLine(reportOf(outcome)), secrets)
    const end = await execute(command, json, patienceMs, io)
    if (end === undefined) log?.write(`${flag} ended well`)
    else report(`${flag} ${end}; that changes nothing of the run's own exit code, ${outcome.exitCode}`)
  }
}

/** A run stopped on purpose or by the user has neither succeeded nor failed. */
function commandsFor(
  { execOnSuccess, execOnFailure, execOnFinish }: ExecChoice,
  code: ExitCode,
): [flag: string, command: string][] {
  const hasFailed = code !== 0 && code !== exitCodes.stopped && code !== exitCodes.cancelled
  const chosen: [string, string | undefined][] = [
    ['--exec-on-success', code === 0 ? execOnSuccess : undefined],
    ['--exec-on-failure', hasFailed ? execOnFailure : undefined],
    ['--exec-on-finish', execOnFinish],
  ]
  return chosen.filter((one): one is [string, string] => one[1] !== undefined)
}

function reportOf({ exitCode, output, end, error }: RunOutcome): RunReport {
  const { kind, what, item, next } = error === undefined ? { kind: undefined } : explained(error)
  const ended = end?.type === 'run.stopped' ? end.ended : error === undefined ? 'finished' : 'failed'
  return {
    type: 'run',
    exitCode,
    ended,
    ...(output !== undefined && { output }),
    ...(end !== undefined && { summary: summaryFields(end.summary) }),
    ...(kind !== undefined && {
      error: { kind, what, ...(item !== undefined && { item }), ...(next !== undefined && { next }) },
    }),
  }
}

/** Resolves with undefined if the command exits with 0, else with how it ended. Its output goes to standard error. */
async function execute(command: string, json: string, patienceMs: number, io: Io): Promise<string | undefined> {
  // Before it starts: a Ctrl-C right after would end smugdl alone, and leave the group running.
  using interrupt = listenForInterrupt(() => {})
  // A group of its own, so that what the shell starts ends with it.
  const child = spawn(command, {
    shell: true,
    detached: io.platform !== 'win32',
    env: Object.fromEntries(Object.entries(io.env).filter(([name]) => !isCredential(name))),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  let isLate = false
  const kill = () => killAll(child)
  interrupt.draining.addEventListener('abort', kill)
  const timer = setTimeout(() => {
    isLate = true
    kill()
  }, patienceMs)
  show(child, io)
  // The command need not read its input.
  child.stdin?.on('error', () => {})
  child.stdin?.end(json)
  try {
    const [code, signal] = await once(child, 'exit')
    // A background process that it started may keep its output open for ever.
    await Promise.race([once(child, 'close'), sleep(1000, undefined, { ref: false })])
    if (isLate) return `did not end within ${patienceMs / 1000} s and was killed`
    return code === 0 ? undefined : code === null ? `was ended by ${signal}` : `ended with ${code}`
  } catch (error) {
    return `could not be started: ${error instanceof Error ? error.message : error}`
  } finally {
    clearTimeout(timer)
    for (const stream of child.stdio) stream?.destroy()
  }
}

function show(child: ChildProcess, { stderr }: Io): void {
  let left = mostShown
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      if (left <= 0) return
      stderr.write(text.slice(0, left))
      left -= text.length
      if (left <= 0) stderr.write('\nsmugdl: it prints more than is shown here.\n')
    })
  }
}

function killAll(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') spawn('taskkill', ['/pid', String(child.pid), '/t', '/f']).on('error', () => {})
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}
