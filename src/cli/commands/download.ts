import type { AlbumsOptions } from '../../app/albums.ts'
import { defaults } from '../../app/defaults.ts'
import type { DownloadOptions } from '../../app/download.ts'
import type { Surroundings } from '../../app/environment.ts'
import type { RunEvent, RunSummary } from '../../engine/events.ts'
import { attendedRun } from '../attended-run.ts'
import { chooseAlbums, requireTerminal } from '../choose.ts'
import { type Context, defineCommand } from '../command.ts'
import { confirmIn } from '../confirm.ts'
import { editedFlags, editedPlan } from '../edited-flags.ts'
import { refuseInDryRun } from '../exec-choice.ts'
import { exits } from '../exit.ts'
import {
  albumFlags,
  downloadsFlag,
  eventsFlag,
  execFlags,
  grantFlags,
  networkFlags,
  outputFlag,
  pictureFlags,
  pluginPlaceFlags,
  progressFlag,
  runLogFlags,
} from '../flags.ts'
import { asking } from '../in-terminal.ts'
import type { Io } from '../io.ts'
import { limitFlags, limitPlan } from '../limit-flags.ts'
import { logged } from '../logged.ts'
import { mirrorFlags, mirrorPlan } from '../mirror-flags.ts'
import { exitCodeOf } from '../run-end.ts'
import { showRun } from '../show-run.ts'

export const download = defineCommand({
  about:
    'Pictures already at home are not fetched again, and the next run continues an interrupted one. The last line adds up: listed = new + updated + unchanged + skipped + failed.',
  flags: {
    exporter: {
      type: 'list',
      short: 'e',
      hint: 'NAME',
      separator: ',',
      completes: 'exporters',
      help: 'Output format: folder, zip, manifest, gallery, s3 or a plugin; as in the last run there if absent, folder in a new home',
    },
    ...outputFlag,
    set: {
      type: 'list',
      hint: 'EXPORTER.OPTION=VALUE',
      completes: 'exporterOptions',
      help: "An exporter's own option; as in its last run there if absent",
    },
    ...pluginPlaceFlags,
    ...grantFlags,
    ...albumFlags,
    ...pictureFlags,
    choose: { type: 'boolean', default: false, help: 'Choose the albums from a numbered list' },
    raw: {
      type: 'text',
      hint: 'WHEN',
      choices: ['auto', 'never', 'require'],
      default: 'auto',
      help: 'RAW files that SmugMug Source keeps with pictures: auto fetches those that SmugMug gives (built blind, never tried on a real account), never fetches none, and with require a run without them ends with 1',
    },
    ...downloadsFlag,
    ...limitFlags,
    dryRun: { type: 'boolean', default: false, help: 'Plan and sizes only; nothing is fetched or written' },
    full: {
      type: 'boolean',
      default: false,
      help: 'List every album again, trust no timestamp, and retry everything that failed',
    },
    relistAfter: {
      type: 'integer',
      hint: 'DAYS',
      default: defaults.relistAfterDays,
      min: 0,
      max: 3650,
      help: 'List each album again after this many days, whatever its timestamps say',
    },
    ...mirrorFlags,
    ...editedFlags,
    expectHome: {
      type: 'boolean',
      default: false,
      help: 'Do not begin a new home: for scheduled runs whose disk may not be connected',
    },
    spaceCheck: { type: 'boolean', default: true, help: 'Skip the free-space check' },
    ...eventsFlag,
    ...networkFlags,
    ...progressFlag,
    ...runLogFlags,
    ...execFlags,
  },
  groups: [
    ['Often used', ['output', 'album', 'exclude', 'choose', 'dryRun', 'exporter', 'quiet']],
    ['Which pictures', ['since', 'until', 'type', 'keyword', 'privacy']],
    ['What home looks like', ['set', 'mirror', 'maxDelete', 'pruneTrash', 'keepEdited', 'restoreOriginals']],
    [
      'How a run goes',
      ['concurrency', 'limitRate', 'maxDuration', 'full', 'relistAfter', 'expectHome', 'spaceCheck', 'caFile'],
    ],
    [
      'What is said',
      ['verbose', 'progress', 'logFile', 'logLevel', 'json', 'execOnSuccess', 'execOnFailure', 'execOnFinish'],
    ],
  ],
  examples: [
    ['smugdl -o ~/Pictures/SmugMug', 'brings everything home'],
    ["smugdl download --album 'Travel/**' --exclude '**/Drafts'", 'brings the albums in Travel home, but no Drafts'],
    ['smugdl download --since 2023-05 --type photo', 'brings the photos that were taken since then'],
    ['smugdl download --dry-run', 'says what a run would do'],
    ["smugdl download --dry-run --set 'folder.path={captured:%Y/%m}/{name}'", 'shows where pictures would go by date'],
    ['smugdl download --mirror --prune-trash 90d', 'lets home follow SmugMug, with a trash that keeps 90 days'],
    [
      "smugdl -q --max-duration 4h --exec-on-failure 'mail -s smugdl me@example.com'",
      'stops after four hours of the night, and mails what a run that failed came to',
    ],
  ],
  exits: {
    ...exits(0, 1, 2, 3, 4, 5, 6, 70, 130),
    0: 'everything that the account lists is safe, or was left out on purpose',
  },
  async run(values, context) {
    const { io } = context
    const { download } = await import('../../app/download.ts')
    const { mirror: _, limitRate: __, maxDuration: ___, ...options } = values
    const plan = { ...options, ...mirrorPlan(values), ...limitPlan(values), ...editedPlan(values) }
    refuseInDryRun(values)
    const bring = (more: Partial<DownloadOptions>) => (use: Surroundings<RunEvent>) =>
      download({ ...plan, ...more, confirm: confirmIn(io, use.signal) }, use)
    const isAlone = context.args?.length === 0 && isConversation(values, io)
    if (isAlone) {
      const { guided } = await import('../guide/guide.ts')
      // Albums that no run has listed cannot be trusted.
      const code = await guided(values, context, async (answers) => {
        let summary!: RunSummary
        await logged(values, context, async (log) => {
          summary = await showRun(values, context, bring({ ...answers, isAnswered: true, full: true }), log)
          return exitCodeOf(summary)
        })
        return summary
      })
      if (code !== undefined) return code
    }
    if (values.choose) requireTerminal(io)
    const album = values.choose ? await chosenAlbums(values, context) : values.album
    let output: string | undefined
    const code = await attendedRun(values, context, (use) =>
      bring({ album })({
        ...use,
        events(event) {
          if (event.type === 'run.started') output = event.output
          use.events(event)
        },
      }),
    )
    if (isAlone && output !== undefined) await (await import('../guide/guide.ts')).sayWhatIsNext(output, context)
    return code
  },
})

/** Whether there is an interactive user who can be asked questions. */
function isConversation(values: { json: boolean; quiet: boolean; dryRun: boolean }, { stdin, stdout, stderr }: Io) {
  const isTerminal = stdin.isTTY === true && stdout.isTTY && stderr.isTTY
  return isTerminal && !values.json && !values.quiet && !values.dryRun
}

async function chosenAlbums(values: AlbumsOptions, context: Context): Promise<string[]> {
  const { albums } = await import('../../app/albums.ts')
  using use = asking(context)
  const paths = (await albums(values, use)).map(({ path }) => path)
  use[Symbol.dispose]() // nothing is in progress while the list is shown, so Ctrl-C ends the process in the system's default way
  return chooseAlbums(paths, context.io)
}
