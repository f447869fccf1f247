import { certifyRun } from '../../app/check.ts'
import {
  bytesAtHome,
  isFirstToFinish,
  lacksForRun,
  lookAtPlace,
  type Overview,
  overviewOf,
  pathTyped,
  usualHome,
} from '../../app/first-run.ts'
import type { AccountChoice } from '../../app/logged-in.ts'
import { narrate } from '../../app/text/narrate.ts'
import { bytes, counted } from '../../app/text/quantities.ts'
import type { Certificate } from '../../engine/check/certificate.ts'
import type { RunSummary } from '../../engine/events.ts'
import { SmugdlError } from '../../error.ts'
import { chooseAlbums } from '../choose.ts'
import type { Context } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit.ts'
import { asking, inTerminal } from '../in-terminal.ts'
import type { Io } from '../io.ts'
import { ask } from '../prompt.ts'
import { checkProgress } from '../render/check-progress.ts'
import { exitCodeOf } from '../run-end.ts'
import { againLine, nightlyLine } from './again.ts'

export interface GuideOptions extends AccountChoice {
  output?: string | undefined
  /** Patterns that apply to every run. */
  album: readonly string[]
  exclude: readonly string[]
}

/** The user's answers. */
export interface Answers {
  /** Absolute. */
  output: string
  album: readonly string[]
}

/**
 * Leads a user without a login, or without a home, to a first complete home: asks for what is missing, in order, downloads everything, and
 * certifies it by what that run itself listed. Undefined for a user who has both; then the run is like any other.
 * `bring` makes a run that trusts no earlier listing. Throws `cancelled` when the user does not go on.
 */
export async function guided(
  options: GuideOptions,
  context: Context,
  bring: (answers: Answers) => Promise<RunSummary>,
): Promise<ExitCode | undefined> {
  const { io } = context
  const lacks = await withUse(context, (use) => lacksForRun(options, use))
  if (lacks === undefined) return undefined
  if (lacks === 'login') {
    await welcome(options, context)
    // A user who logs in again may have an earlier home.
    if ((await withUse(context, (use) => lacksForRun(options, use))) === undefined && options.output === undefined)
      return undefined
  }
  const overview = await withUse(context, (use) => overviewOf(options, use))
  const answers = await askAll(options, overview, context)
  const summary = await bring(answers)
  const run = { ...answers, exclude: options.exclude, caFile: options.caFile, user: overview.user, summary }
  const certificate = await certify(run, context)
  const { certificateLines } = await import('../render/certificate/text.ts')
  io.stdout.write(lines(certificateLines(certificate, io.stdout.columns)))
  sayPage(io)
  say(['', 'The same again, whenever you like, fetches only what is new:'], io)
  io.stderr.writeUnwrapped(`  ${againLine({ output: answers.output, albums: answers.album }, io)}\n`)
  sayNightly(answers, io)
  return certificate.complete ? exitCodeOf(summary) : exitCodes.item
}

/** Introduces smugdl, offers the demo, and logs in. */
async function welcome({ caFile }: GuideOptions, context: Context): Promise<void> {
  const { io } = context
  say(
    [
      'smugdl brings your whole SmugMug account home and proves that nothing is missing; on SmugMug it changes nothing.',
      '',
    ],
    io,
  )
  if (await isYes('See it work first, with a made-up account on this computer (5 MB)? [y/N] ', 'no', io)) {
    const { tryDemo } = await import('../commands/demo.ts')
    await tryDemo(context)
    if (!(await isYes('\nGo on with your own account? [Y/n] ', 'yes', io))) throw later('smugdl')
  }
  const { logIn } = await import('../commands/login.ts')
  await logIn({ pin: false, browser: true, caFile }, context)
  say([''], io)
}

async function askAll(options: GuideOptions, overview: Overview, context: Context): Promise<Answers> {
  const { io } = context
  for (;;) {
    const { output, free } = await askWhere(options.output, io)
    const atHome = await withUse(context, (use) => bytesAtHome(output, use))
    const short = free === undefined ? 0 : overview.bytes - atHome - free
    if (short > 0 && options.output === undefined) {
      say(
        [`${sizes(overview, atHome, free)} That is ${bytes(short)} too little: please name a folder on another disk.`],
        io,
      )
      continue
    }
    const again = againLine({ output, albums: [] }, io)
    const answer = await askFor(`${sizes(overview, atHome, free)} Download everything? [Y/n/choose] `, io)
    if (/^c(hoose)?$/i.test(answer)) return { output, album: await chosen(options, context) }
    if (answer === '' || /^y(es)?$/i.test(answer)) return { output, album: options.album }
    if (/^no?$/i.test(answer)) throw later(again)
    say([`Please answer y, n or choose.`], io)
  }
}

/** Asks until the answer is a writable folder. */
async function askWhere(given: string | undefined, io: Io): Promise<{ output: string; free: number | undefined }> {
  const usual = usualHome(io)
  for (;;) {
    const { free: freeThere } = await lookAtPlace(usual)
    const output =
      given === undefined
        ? pathTyped((await askFor(`Where shall the pictures go? [${usual}${freeText(freeThere)}] `, io)) || usual, io)
        : pathTyped(given, io)
    const { free, problem } = await lookAtPlace(output)
    if (problem === undefined || given !== undefined) return { output, free }
    say([`${problem}: please name another folder.`], io)
  }
}

function freeText(free: number | undefined): string {
  return free === undefined ? '' : `, ${bytes(free)} free`
}

/** `1,240 albums, 48,211 pictures, 410 GB, of which 40 GB are there already; 1.2 TB free.` */
function sizes(
  { albums, pictures, bytes: size, isAtLeast }: Overview,
  atHome: number,
  free: number | undefined,
): string {
  const inAll = [
    counted(albums, 'album'),
    counted(pictures, 'picture'),
    ...(size > 0 ? [`${isAtLeast ? 'at least ' : ''}${bytes(size)}`] : []),
    ...(atHome > 0 ? [`of which ${bytes(atHome)} are there already`] : []),
  ]
  return `${inAll.join(', ')}${free === undefined ? '' : `; ${bytes(free)} free`}.`
}

async function chosen(options: GuideOptions, context: Context): Promise<string[]> {
  const { albums } = await import('../../app/albums.ts')
  const all = await withUse(context, (use) => albums(options, use))
  return chooseAlbums(
    all.map(({ path }) => path),
    context.io,
  )
}

async function certify(run: Parameters<typeof certifyRun>[0], context: Context): Promise<Certificate> {
  using progress = checkProgress(context.io)
  using use = inTerminal<Parameters<Parameters<typeof certifyRun>[1]['events']>[0]>(context, (event) => {
    if (event.type === 'notice' || event.type === 'retry' || event.type === 'rateLimited')
      return progress.print(narrate(event)?.text ?? '')
    progress.on(event)
  })
  return await certifyRun(run, use)
}

/**
 * What the guide says at its end, the certificate and the nightly run, after a run that completed an interrupted first one. Nothing after any
 * other run. It concerns the whole home, whatever the interrupted run had chosen.
 */
export async function sayWhatIsNext(output: string, context: Context): Promise<void> {
  if (!(await withUse(context, (use) => isFirstToFinish(output, use)))) return
  sayPage(context.io)
  sayNightly({ output, album: [] }, context.io)
}

function sayPage(io: Io): void {
  say(['', 'As a page to print: smugdl check --certificate smugmug.html'], io)
}

function sayNightly({ output, album }: Answers, io: Io): void {
  say(
    [
      io.platform === 'win32'
        ? 'This has it done every night at 3:15:'
        : 'Every night at 3:15, as a line of your crontab (crontab -e):',
    ],
    io,
  )
  io.stderr.writeUnwrapped(`  ${nightlyLine({ output, albums: album }, io)}\n`)
}

function later(command: string): SmugdlError {
  return new SmugdlError('cancelled', { what: 'Nothing was downloaded', next: `Whenever you like: ${command}` })
}

/** Ctrl-C stops requests to SmugMug; between the questions it ends the process in the system's default way. */
async function withUse<T>(context: Context, work: (use: ReturnType<typeof asking>) => Promise<T>): Promise<T> {
  using use = asking(context)
  return await work(use)
}

async function isYes(question: string, unless: 'yes' | 'no', io: Io): Promise<boolean> {
  const answer = (await askFor(question, io)) || unless
  return /^y(es)?$/i.test(answer)
}

/** Throws `cancelled` when the input has ended. */
async function askFor(question: string, io: Io): Promise<string> {
  const answer = await ask(question, io, { signal: new AbortController().signal })
  if (answer === undefined) throw later('smugdl')
  return answer.trim()
}

function say(said: readonly string[], io: Io): void {
  io.stderr.write(lines(said))
}

function lines(some: readonly string[]): string {
  return some.map((line) => `${line}\n`).join('')
}
