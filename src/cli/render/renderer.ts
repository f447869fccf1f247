import type { Io } from '../io.ts'
import type { LogFile } from '../log-file.ts'
import { linesRenderer } from './lines.ts'
import { logRenderer } from './log.ts'
import { ndjsonRenderer } from './ndjson.ts'
import { quietRenderer } from './quiet.ts'
import type { Renderer } from './types.ts'

/** `block`, `lines` and `none` are how progress is shown, `auto` chooses by the terminal, because a pipe cannot be redrawn. */
export type Mode = 'auto' | 'json' | 'quiet' | 'block' | 'lines' | 'none'

export interface RendererOptions {
  verbose: boolean
  /** Gets every sentence of the run, `-v` or not, and the whole summary; the caller adds time stamps. */
  log?: LogFile['write']
}

/**
 * Starts the renderer that fits: `json` and `quiet` as asked for; else a live block when standard error is a terminal that can move its
 * cursor, plain lines when it is not. Progress goes to stderr, the summary to stdout.
 */
export async function rendererFor(io: Io, mode: Mode, { verbose, log }: RendererOptions): Promise<() => Renderer> {
  const make = await chosen(io, mode, verbose)
  return () => {
    const renderers = [make(), ...(log === undefined ? [] : [logRenderer(log)])]
    let ended = false
    return {
      on(event) {
        if (!ended) for (const renderer of renderers) renderer.on(event)
      },
      end() {
        if (ended) return
        ended = true
        for (const renderer of renderers) renderer.end()
      },
    }
  }
}

async function chosen(io: Io, mode: Mode, verbose: boolean): Promise<() => Renderer> {
  if (mode === 'json') return () => ndjsonRenderer(io, verbose)
  if (mode === 'quiet') return () => quietRenderer(io)
  const canRedraw = io.stderr.isTTY === true && (io.env.TERM !== 'dumb' || mode === 'block')
  if (mode === 'lines' || mode === 'none' || !canRedraw)
    return () => linesRenderer(io, { verbose, progress: mode !== 'none' })
  const { blockRenderer } = await import('./block.ts') // cuts, and so loads string-width
  return () => blockRenderer(io, verbose)
}
