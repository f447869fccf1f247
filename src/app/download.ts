import type { PictureChoice } from '../engine/account/picture-filter.ts'
import type { RunEvent, RunSummary } from '../engine/events.ts'
import { type RunPlan, wholeAccount } from '../engine/run/plan.ts'
import { SmugdlError } from '../error.ts'
import { type ChosenExporters, chosenExporters, type PluginChoice } from './chosen-exporters.ts'
import { defaults } from './defaults.ts'
import type { Surroundings } from './environment.ts'
import { exporterOptions } from './exporter-options.ts'
import { type AccountChoice, loggedIn } from './logged-in.ts'
import { filesAt, hasHome, noteAttempt, repeated, requireHome } from './output.ts'
import { type ChosenHome, chosenHome, homesOf, remembering, reportHome, requireRemembered } from './remembered-homes.ts'
import { lockedRun } from './run.ts'
import { counted } from './text/quantities.ts'

export interface DownloadOptions
  extends AccountChoice,
    PluginChoice,
    Partial<
      Pick<
        RunPlan,
        | 'concurrency'
        | 'limitRate'
        | 'maxDurationMs'
        | 'dryRun'
        | 'full'
        | 'spaceCheck'
        | 'mirror'
        | 'pruneTrashDays'
        | 'edited'
      >
    > {
  /** A path as the user gave it. */
  output?: string | undefined
  /** Names, in the order in which they get each image; those of the home if absent or empty. */
  exporter?: readonly string[]
  /** `EXPORTER.OPTION=VALUE`; what is not set is as in the exporter's last run here. */
  set?: readonly string[]
  /** Globs on `folder/…/album`. */
  album?: readonly string[]
  exclude?: readonly string[]
  /** `2023`, `2023-05` or `2023-05-17`: the first and the last that come. */
  since?: string | undefined
  until?: string | undefined
  type?: PictureChoice['types']
  keyword?: readonly string[]
  privacy?: PictureChoice['privacy']
  raw?: RunPlan['raw']
  /** Days after which an album is listed again, whatever its times say. */
  relistAfter?: number
  /** Somebody was asked for the output and has named it. */
  isAnswered?: boolean
  /** Begin no new home. */
  expectHome?: boolean
}

/** Downloads the account, or the albums that are chosen. Throws what ends a run early. */
export async function download(options: DownloadOptions, use: Surroundings<RunEvent>): Promise<RunSummary> {
  const home = await homeToFill(options, use)
  const { output } = home
  if (options.expectHome) requireHome(output)
  requireRemembered(home)
  const last = await repeated(options.exporter ?? [], output)
  await using chosen = await chosenExporters([...last.keys()], options, use.environment)
  const plan = downloadPlan(options, output, chosen, (name) => last.get(name) ?? {})
  const account = await loggedIn(options, use).catch(async (error) => {
    await noteAttempt('download', output, error, use)
    throw error
  })
  reportHome(home, use)
  await using heard = remembering(account, use, options.isAnswered)
  // A caller that passes the account also keeps track of its homes.
  return await lockedRun(plan, chosen.exporters, account, 'download', options.account === undefined ? heard : use)
}

/** Where to. On a terminal, a new folder beside a home of this account is asked about: it may be a slip. */
async function homeToFill(options: DownloadOptions, use: Surroundings<RunEvent>): Promise<ChosenHome> {
  const whose = () => accountOf(options, use)
  const home = await chosenHome(options.output, use, whose)
  if (options.confirm === undefined || options.dryRun || options.expectHome || hasHome(home.output)) return home
  const [there] = (await homesOf(use.environment, whose)).filter(hasHome)
  const files = there === undefined ? 0 : await filesAt(there)
  // One in which nothing ever arrived is none that anybody would miss.
  if (there === undefined || files === 0) return home
  const question = `You have a home of this account in ${there} (${counted(files, 'file')}). Continue there, instead of beginning another one in ${home.output}?`
  return (await options.confirm(question)) ? { output: there, isRemembered: false } : home
}

/** The nickname of the logged-in account, as SmugMug gives it. */
export async function accountOf(options: AccountChoice, use: Surroundings<RunEvent>): Promise<string> {
  const { greeted } = await import('./whoami.ts')
  return (await greeted(await loggedIn(options, use), use)).user.nickName
}

function downloadPlan(
  options: DownloadOptions,
  output: string,
  { exporters }: ChosenExporters,
  before: (exporter: string) => Readonly<Record<string, unknown>>,
): RunPlan {
  const { concurrency, limitRate, maxDurationMs, dryRun, full, spaceCheck, mirror, pruneTrashDays, raw, edited } =
    options
  return {
    ...wholeAccount,
    output,
    exporters: exporters.map(({ exporter }) => exporter.name),
    exporterOptions: exporterOptions(options.set ?? [], exporters, before),
    albums: options.album ?? [],
    exclude: options.exclude ?? [],
    ...picturesOf(options),
    relistAfterMs: (options.relistAfter ?? defaults.relistAfterDays) * 24 * 60 * 60 * 1000,
    concurrency,
    ...(raw !== undefined && { raw }),
    ...(limitRate !== undefined && { limitRate }),
    ...(maxDurationMs !== undefined && { maxDurationMs }),
    ...(dryRun !== undefined && { dryRun }),
    ...(full !== undefined && { full }),
    ...(spaceCheck !== undefined && { spaceCheck }),
    ...(mirror !== undefined && { mirror }),
    ...(pruneTrashDays !== undefined && { pruneTrashDays }),
    ...(edited !== undefined && { edited }),
  }
}

/** Throws `usage` for what is no date. */
function picturesOf({
  since,
  until,
  type = [],
  keyword = [],
  privacy = [],
}: DownloadOptions): Pick<RunPlan, 'pictures'> {
  if (since === undefined && until === undefined && type.length + keyword.length + privacy.length === 0) return {}
  return {
    pictures: {
      ...(since !== undefined && { since: dateGiven('--since', since) }),
      ...(until !== undefined && { until: dateGiven('--until', until) }),
      types: type,
      keywords: keyword,
      privacy,
    },
  }
}

function dateGiven(flag: string, text: string): string {
  const [, year, month = '01', day = '01'] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text.trim()) ?? []
  const time = new Date(`${year}-${month}-${day}T00:00:00Z`)
  if (year !== undefined && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(`${year}-${month}-${day}`))
    return text.trim()
  throw new SmugdlError('usage', {
    what: `${flag} takes a year, a month or a day`,
    item: text,
    next: `For instance ${flag} 2023, ${flag} 2023-05 or ${flag} 2023-05-17`,
  })
}
