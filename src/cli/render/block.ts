import { printable } from '../../app/text/printable.ts'
import { bytes, count, counted, timeOfDay } from '../../app/text/quantities.ts'
import type { Io } from '../io.ts'
import { cutEnd, cutStart } from './cut.ts'
import { liveArea } from './live-area.ts'
import { liveNews } from './live-news.ts'
import { type Progress, trackProgress } from './progress.ts'
import { albumsText, amountText } from './progress-text.ts'
import { summaryAtEnd } from './summary.ts'
import type { Renderer } from './types.ts'

const REDRAW_MS = 100
/** Number of files under way that are shown; with more the block would hide what scrolls above it. */
const MOST_FILES = 8

/** For a terminal: a block at the bottom that is redrawn ten times a second, with what is news scrolling away above it. */
export function blockRenderer(io: Io, verbose: boolean): Renderer {
  const { on: track, progress } = trackProgress(io.now)
  const area = liveArea(io.stderr)
  let tallest = 0
  const redraw = () => {
    const lines = blockLines(progress(), area.columns(), area.rows() - 1)
    // A block that became smaller and taller again would make all that is above it jump.
    tallest = Math.min(Math.max(tallest, lines.length), Math.max(1, area.rows() - 1))
    area.draw([...lines, ...Array<string>(tallest - lines.length).fill('')])
  }
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
  const lines = [amountText(state), albumLine(state), ...pauses(state, columns)]
  const room = Math.min(MOST_FILES, Math.max(0, rows - lines.length))
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

function albumLine(state: Progress): string {
  const { current } = state.albums
  return [albumsText(state), ...(current.length === 0 ? [] : [printable(current.join(', '))])].join(': ')
}

/** What waits, why and until when. */
function pauses({ pausedUntil, allowance, waiting }: Progress, columns: number): string[] {
  const lines: string[] = []
  if (pausedUntil !== undefined)
    lines.push(`SmugMug asks for a pause: going on by itself at ${timeOfDay(pausedUntil)}; downloads go on`)
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
