import { printable } from '../../app/text/printable.ts'
import { bytes, count, counted, timeOfDay } from '../../app/text/quantities.ts'
import type { Io } from '../io.ts'
import { cutEnd, cutStart } from './cut.ts'
import { liveArea } from './live-area.ts'
import { liveNews } from './live-news.ts'
import { type Progress, trackProgress } from './progress.ts'
import { amountText, paceText } from './progress-text.ts'
import { summaryAtEnd } from './summary.ts'
import type { Renderer } from './types.ts'

const REDRAW_MS = 100

/** For a terminal: a block at the bottom that is redrawn ten times a second, with what is news scrolling away above it. */
export function blockRenderer(io: Io, verbose: boolean): Renderer {
  const { on: track, progress } = trackProgress(io.now)
  const area = liveArea(io.stderr)
  const redraw = () => area.draw(blockLines(progress(), area.columns(), area.rows() - 1))
  const timer = setInterval(redraw, REDRAW_MS).unref()

  const news = liveNews(verbose)
  const summary = summaryAtEnd({ shown: true })

  return {
    on(event) {
      track(event)
      const text = news(event)
      if (text !== undefined) area.print(text)
      const lines = summary(event)
      if (lines === undefined) return
      clearInterval(timer)
      area.clear()
      io.stdout.write(`${lines.join('\n')}\n`)
    },
    end() {
      clearInterval(timer)
      area.clear()
    },
  }
}

/** The block as lines that fit: first what matters most, files under way last, because a low terminal cuts them off. */
export function blockLines(state: Progress, columns: number, rows: number): string[] {
  const lines = [amountText(state), paceText(state), ...pauses(state, columns), ...albumLine(state)]
  const room = Math.max(0, rows - lines.length)
  const files = state.active.map(({ item, bytes: size }) => {
    const tail = size === undefined ? '' : ` (${bytes(size)})`
    return `  ${cutStart(printable(item), Math.max(1, columns - 2 - tail.length))}${tail}`
  })
  const shown =
    files.length > room
      ? [...files.slice(0, Math.max(0, room - 1)), `  … and ${count(files.length - room + 1)} more`]
      : files
  return [...lines, ...shown].slice(0, Math.max(1, rows)).map((line) => cutEnd(line, columns))
}

function albumLine({ albums: { current } }: Progress): string[] {
  if (current.length === 0) return []
  return [`${current.length === 1 ? 'Album' : 'Albums'}: ${printable(current.join(', '))}`]
}

/** What waits, why and until when. */
function pauses({ pausedUntil, allowance, waiting }: Progress, columns: number): string[] {
  const lines: string[] = []
  if (pausedUntil !== undefined)
    lines.push(`Paused by SmugMug's rate limit until ${timeOfDay(pausedUntil)}; downloads go on`)
  else if (allowance !== undefined)
    lines.push(`${counted(allowance.remaining, 'API request')} left until ${timeOfDay(allowance.resetAt)}`)
  const longest = waiting.toSorted((a, b) => b.until - a.until)
  for (const { item, reason, until } of longest.slice(0, 2)) {
    const why = ` waits until ${timeOfDay(until)}: ${printable(reason)}`
    lines.push(`${cutStart(printable(item), Math.max(20, columns - why.length))}${why}`)
  }
  if (longest.length > 2) lines.push(`${count(longest.length - 2)} more wait`)
  return lines
}
