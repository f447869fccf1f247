import type { Surroundings } from '../app/environment.ts'
import type { RunEvent } from '../engine/events.ts'
import type { Context } from './command.ts'
import { inTerminal } from './in-terminal.ts'
import type { LogFile, LogLevel } from './log-file.ts'
import type { Renderer } from './render/types.ts'

/** How a run is shown. */
export interface Show {
  json: boolean
  quiet: boolean
  verbose: boolean
  logFile: string | undefined
  logLevel: LogLevel
  /** As fits the terminal if absent. */
  progress?: 'block' | 'lines' | 'none' | undefined
}

/** What shows events that are none of a run; `showRun` shows those of a run, and `log` appends to the log file, if there is one. */
export type Beside<Event> = (
  showRun: (event: RunEvent) => void,
  log: LogFile['write'] | undefined,
) => { on(event: Event | RunEvent): void; end(): void }

/** Shows a use case that makes a run while it goes on, from the first request to the last line. */
export async function showRun<Summary, Event = RunEvent>(
  { json, quiet, verbose, progress }: Show,
  context: Context,
  work: (use: Surroundings<Event | RunEvent>) => Promise<Summary>,
  log?: LogFile,
  beside?: Beside<Event>,
): Promise<Summary> {
  const { io } = context
  const { rendererFor } = await import('./render/renderer.ts')
  const mode = json ? 'json' : quiet ? 'quiet' : (progress ?? 'auto')
  const start = await rendererFor(io, mode, { verbose, ...(log === undefined ? {} : { log: log.write }) })
  // Until there is something to show, the screen is left to the questions and output before the run.
  let renderer: Renderer | undefined
  const onRun = (event: RunEvent) => {
    renderer ??= start()
    renderer.on(event)
  }
  const shown = beside?.(onRun, log?.write)
  const onEvent = shown?.on ?? (onRun as (event: Event | RunEvent) => void)
  using use = inTerminal<Event | RunEvent>(context, onEvent)
  try {
    return await work(use)
  } finally {
    shown?.end()
    renderer?.end()
  }
}
