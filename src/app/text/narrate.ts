import type { RunEvent, RunStop } from '../../engine/events.ts'
import { printable } from './printable.ts'
import { bytes, count, counted, duration, pictures, timeOfDay } from './quantities.ts'

/** A sentence about something that happened. `detail` is for `-v` and the log file, `news` for everybody who watches. */
export interface Sentence {
  importance: 'news' | 'detail'
  text: string
}

/** What an event is in words, on one line that only shows; undefined for what progress and summary show. */
export function narrate(event: RunEvent): Sentence | undefined {
  switch (event.type) {
    case 'run.started':
      return news(
        `${event.dryRun ? 'Planning, without writing anything, for' : 'Downloading'} the account of ${nameOf(event.account)} into ${event.output}${event.newHome ? ', a new home' : ''} (${event.exporters.join(', ')})`,
      )
    case 'walk.finished':
      return detail(`The account lists ${counted(event.albums, 'album')} in ${counted(event.folders, 'folder')}`)
    case 'album.planned':
      return detail(
        `${event.album}: ${pictures(event.images)}${event.trusted ? ', unchanged since the last listing' : ''}, ${event.toFetch} to fetch (${bytes(event.bytes)})`,
      )
    case 'image.fetched':
      return detail(`fetched ${event.item} (${bytes(event.bytes)})`)
    case 'image.finished':
      return detail(
        `${event.outcome} ${event.item} (${event.exporter}${event.path === undefined ? '' : `: ${event.path}`})`,
      )
    case 'image.failed':
      return news(
        `Not safe: ${event.item}${event.exporter === undefined ? '' : ` (${event.exporter})`}: ${event.reason}`,
      )
    case 'notice':
      return news(event.text)
    case 'detail':
      return detail(event.text)
    case 'retry':
      return detail(`${event.item}: ${event.reason} (attempt ${event.attempt}); again in ${duration(event.delayMs)}`)
    case 'rateLimited':
      return news(
        `SmugMug asks for a pause (its rate limit is reached): going on by itself at ${timeOfDay(event.until)}`,
      )
    case 'rateLimit':
      return detail(`SmugMug allows ${counted(event.remaining, 'more API request')} before ${timeOfDay(event.resetAt)}`)
    case 'run.stopped':
      return news(stopped(event))
    case 'albums.chosen':
    case 'album.started':
    case 'album.finished':
    case 'image.started':
    case 'bytes':
    case 'uploaded':
    case 'run.finished':
      return undefined
    default:
      event satisfies never
      return undefined
  }
}

function stopped({ ended, home, announced, output }: RunStop): string {
  const of = announced === undefined || announced < home.files ? '' : ` of about ${count(announced)}`
  const are = home.files === 1 && of === '' ? 'is' : 'are'
  const pictures = `${count(home.files)}${of} ${home.files === 1 && of === '' ? 'picture' : 'pictures'}`
  const goOn = `Go on with: smugdl -o ${/^[\w./+@:-]+$/.test(output) ? output : JSON.stringify(output)}`
  return `${ended === 'failed' ? 'Ended early' : 'Stopped'}. ${pictures} ${are} home (${bytes(home.bytes)}). ${goOn}`
}

function news(text: string): Sentence {
  return { importance: 'news', text: printable(text) }
}

function detail(text: string): Sentence {
  return { importance: 'detail', text: printable(text) }
}

function nameOf({ name, nickName }: { name: string; nickName: string }): string {
  return name === '' || name === nickName ? nickName : `${name} (${nickName})`
}
