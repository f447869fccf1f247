import { chosenAlbums } from '../../app/account-albums.ts'
import { chosenExporters } from '../../app/chosen-exporters.ts'
import { exporterOptions } from '../../app/exporter-options.ts'
import { loggedIn } from '../../app/logged-in.ts'
import { pathGiven } from '../../app/path-given.ts'
import { bringHome, exitCodeOf } from '../bring-home.ts'
import { chooseAlbums, requireTerminal } from '../choose.ts'
import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { albumFlags, grantFlags, logFlags, networkFlags, outputFlag, pluginPlaceFlags } from '../flags.ts'
import { mirrorFlags, mirrorPlan } from '../mirror-flags.ts'

export const download = defineCommand({
  about:
    'What is at home already is not fetched again; a run that was interrupted is continued by the next one. The last line adds up: listed = new + updated + unchanged + skipped + failed.',
  flags: {
    exporter: {
      type: 'list',
      short: 'e',
      hint: 'NAME',
      separator: ',',
      default: ['folder'],
      help: 'What home looks like',
    },
    ...outputFlag,
    set: { type: 'list', hint: 'EXPORTER.OPTION=VALUE', help: "An exporter's own option" },
    ...pluginPlaceFlags,
    ...grantFlags,
    ...albumFlags,
    choose: { type: 'boolean', default: false, help: 'Choose the albums from a numbered list' },
    concurrency: { type: 'integer', hint: 'N', default: 8, min: 1, max: 64, help: 'So many downloads at once' },
    dryRun: { type: 'boolean', default: false, help: 'Plan and sizes only; nothing is fetched or written' },
    full: {
      type: 'boolean',
      default: false,
      help: 'List every album again, trust no timestamp, and ask again for all that failed',
    },
    relistAfter: {
      type: 'integer',
      hint: 'DAYS',
      default: 30,
      min: 0,
      max: 3650,
      help: 'List each album again after so many days, whatever its times say',
    },
    ...mirrorFlags,
    spaceCheck: { type: 'boolean', default: true, help: 'Begin even if the disk seems too small' },
    json: { type: 'boolean', default: false, help: 'Events on standard output, one JSON object a line' },
    ...networkFlags,
    ...logFlags,
  },
  examples: [
    ['smugdl -o ~/Pictures/SmugMug', 'brings everything home'],
    ["smugdl download --album 'Travel/**' --exclude '**/Drafts'", 'brings the albums in Travel home, but no Drafts'],
    ['smugdl download --dry-run', 'says what a run would do'],
    ['smugdl download --mirror --prune-trash 90d', 'lets home follow SmugMug, with a trash that keeps 90 days'],
  ],
  exits: {
    ...exits(0, 1, 2, 3, 4, 5, 70, 130),
    0: 'everything that the account lists is safe, or was left out on purpose',
  },
  async run(values, context) {
    const { io } = context
    if (values.choose) requireTerminal(io)
    await using chosen = await chosenExporters(values.exporter, values, io)
    const { exporters } = chosen
    const plan = {
      output: pathGiven(values.output, io),
      exporters: values.exporter,
      exporterOptions: exporterOptions(values.set, exporters),
      albums: values.album,
      exclude: values.exclude,
      concurrency: values.concurrency,
      dryRun: values.dryRun,
      full: values.full,
      relistAfterMs: values.relistAfter * 24 * 60 * 60 * 1000,
      spaceCheck: values.spaceCheck,
      ...mirrorPlan(values),
    }
    const account = await loggedIn(values, context)
    const albums = values.choose
      ? await chooseAlbums(
          (await chosenAlbums(plan, account, io)).map(({ path }) => path),
          io,
        )
      : plan.albums
    return exitCodeOf(await bringHome({ ...plan, albums }, exporters, account, values, context))
  },
})
