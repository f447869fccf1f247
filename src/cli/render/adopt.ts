import type { AdoptingEvent } from '../../app/adopt.ts'
import { narrate, type Sentence } from '../../app/text/narrate.ts'
import { printable } from '../../app/text/printable.ts'
import { bytes, counted } from '../../app/text/quantities.ts'
import type { AdoptEvent, AdoptSummary } from '../../engine/adopt/adopt.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import type { LogFile } from '../log-file.ts'
import { adoptProgress } from './adopt-progress.ts'
import { adoptedJson, adoptedLines } from './adopted.ts'

interface Show {
  json: boolean
  quiet: boolean
  verbose: boolean
  /** Gets every sentence and every file that is reported. */
  log: LogFile['write'] | undefined
}

/** Shows `smugdl adopt` while it goes on; what is reported about single files goes to standard output as it comes, the summary after it. */
export function adoptRenderer(
  io: Io,
  { json, quiet, verbose, log }: Show,
): Disposable & { on(event: AdoptingEvent): void; finished(summary: AdoptSummary): void } {
  const progress = json || quiet ? undefined : adoptProgress(io)
  let videos = 0

  function file(event: Extract<AdoptEvent, { type: 'adopt.unreadable' | 'adopt.unmatched' }>): void {
    const isUnreadable = event.type === 'adopt.unreadable'
    if (!isUnreadable && isVideo(event.path)) videos += 1
    const line = printable(
      isUnreadable ? `cannot be read  ${event.path} (${event.reason})` : `matches nothing  ${event.path}`,
    )
    log?.(line)
    if (json) return void io.stdout.write(jsonLine(event))
    if (!isUnreadable && (!verbose || quiet)) return
    progress?.end()
    io.stdout.write(`${line}\n`)
  }

  function say({ text, importance }: Sentence): void {
    log?.(text, importance === 'news' ? 'info' : 'debug')
    if (verbose || importance === 'news') progress?.print(text)
  }

  return {
    on(event) {
      switch (event.type) {
        case 'adopt.started': {
          const where = event.folder === event.output ? 'where it stands' : `into ${event.output}`
          return progress?.print(printable(`Adopting ${event.folder} ${where}`))
        }
        case 'adopt.unreadable':
        case 'adopt.unmatched':
          return file(event)
        case 'adopt.looked':
          progress?.on(event)
          return say({
            text: `${counted(event.files, 'file is', 'files are')} to be read (${bytes(event.bytes)})`,
            importance: 'detail',
          })
        case 'adopt.read':
          return progress?.on(event)
        case 'run.started':
        case 'run.finished':
        case 'run.stopped':
          return
        default: {
          progress?.on(event)
          const sentence = narrate(event)
          if (sentence !== undefined) say(sentence)
        }
      }
    },
    finished(summary) {
      progress?.end()
      const lines = adoptedLines(summary, videos)
      for (const line of lines) if (line !== '') log?.(line)
      if (json) io.stdout.write(jsonLine(adoptedJson(summary)))
      else if (!quiet || summary.unreadable + summary.run.failedInAll > 0)
        io.stdout.write(lines.map((line) => `${line}\n`).join(''))
    },
    [Symbol.dispose]: () => progress?.end(),
  }
}

/** By name, to say why it may match nothing; nothing is decided by that. */
function isVideo(path: string): boolean {
  return /\.(3gp|avi|m2ts|m4v|mkv|mov|mp4|mpe?g|mts|webm|wmv)$/i.test(path)
}
