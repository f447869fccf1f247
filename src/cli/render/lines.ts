import type { Io } from '../io.ts'
import { liveNews } from './live-news.ts'
import { trackProgress } from './progress.ts'
import { albumsText, amountText } from './progress-text.ts'
import { summaryAtEnd } from './summary.ts'
import type { Renderer } from './types.ts'

const EVERY_MS = 30_000
/** A line every 5 percent. */
const STEPS = 20
/** A small account must not answer with twenty lines in a second. */
const AT_MOST_EVERY_MS = 1_000

/** For a pipe or a file: what is news, and a line of progress every 30 seconds or 5 percent, whichever comes first. */
export function linesRenderer(
  io: Io,
  { verbose, progress: showsProgress }: { verbose: boolean; progress: boolean },
): Renderer {
  const { on: track, progress } = trackProgress(io.now)
  let reportedAt = io.now()
  let reportedStep = 0

  function report(): void {
    if (!showsProgress) return
    const state = progress()
    reportedAt = io.now()
    reportedStep = step(state.fraction)
    say(`${amountText(state)} · ${albumsText(state)}`)
  }

  function say(line: string): void {
    io.stderr.write(`${line}\n`)
  }

  // A run that waits says nothing by itself; the line shows that it lives.
  const timer = setInterval(() => io.now() - reportedAt >= EVERY_MS && report(), EVERY_MS / 10).unref()

  const news = liveNews(verbose)
  const summary = summaryAtEnd({ shown: true })

  return {
    on(event) {
      track(event)
      const text = news(event)
      if (text !== undefined) say(text)
      const lines = summary(event)
      if (lines !== undefined) {
        clearInterval(timer)
        io.stdout.write(`${lines.join('\n')}\n`)
        return
      }
      if (event.type !== 'image.fetched' && event.type !== 'album.finished') return
      const passedMs = io.now() - reportedAt
      if (passedMs < AT_MOST_EVERY_MS) return
      if (passedMs >= EVERY_MS || step(progress().fraction) > reportedStep) report()
    },
    end() {
      clearInterval(timer)
    },
  }
}

function step(fraction = 0): number {
  return Math.floor(fraction * STEPS)
}
