import { chosenExporters } from '../../app/chosen-exporters.ts'
import { exporterOptions } from '../../app/exporter-options.ts'
import { loggedIn } from '../../app/logged-in.ts'
import { changeHome } from '../../app/output.ts'
import { pathGiven } from '../../app/path-given.ts'
import { bringHome, exitCodeOf } from '../bring-home.ts'
import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { grantFlags, logFlags, networkFlags, outputFlag, pluginPlaceFlags } from '../flags.ts'

export const retry = defineCommand({
  about:
    'A run over the albums in which something failed, and no other. What hardly heals by itself is asked for at growing intervals; this asks at once. Exporters and their options are those of the last run unless you name others.',
  flags: {
    exporter: {
      type: 'list',
      short: 'e',
      hint: 'NAME',
      separator: ',',
      help: 'What home looks like; as in the last run if absent',
    },
    ...outputFlag,
    set: { type: 'list', hint: 'EXPORTER.OPTION=VALUE', help: "An exporter's own option" },
    ...pluginPlaceFlags,
    ...grantFlags,
    concurrency: { type: 'integer', hint: 'N', default: 8, min: 1, max: 64, help: 'So many downloads at once' },
    json: { type: 'boolean', default: false, help: 'Events on standard output, one JSON object a line' },
    ...networkFlags,
    ...logFlags,
  },
  examples: [
    ['smugdl retry', 'asks again for what failed'],
    ['smugdl retry -o ~/Pictures/SmugMug --verbose', 'does so elsewhere, and says what is done'],
  ],
  exits: {
    ...exits(0, 1, 2, 3, 4, 5, 70, 130),
    0: 'everything that had failed is safe now, or nothing had failed',
    1: 'something is still not safe: each item and reason is listed',
  },
  async run(values, context) {
    const { io } = context
    const output = pathGiven(values.output, io)
    const account = await loggedIn(values, context)
    const last = await changeHome(output, 'retry', io, async (catalog) => {
      const { lastExporters, lastOptions } = await import('../../engine/run/last-options.ts')
      const failing = catalog.failures.albums()
      catalog.failures.makeDue(io.now())
      const exporters = values.exporter.length > 0 ? values.exporter : (lastExporters(catalog) ?? ['folder'])
      return { failing, exporters, options: new Map(exporters.map((name) => [name, lastOptions(name, catalog)])) }
    })
    if (last.failing.length === 0) {
      if (!values.quiet && !values.json) io.stderr.write('Nothing has failed: there is nothing to ask for again.\n')
      return 0
    }
    await using chosen = await chosenExporters(last.exporters, values, io)
    const plan = {
      output,
      exporters: last.exporters,
      exporterOptions: exporterOptions(values.set, chosen.exporters, (name) => last.options.get(name) ?? {}),
      albums: [],
      exclude: [],
      only: new Map(last.failing.map((album) => [album, 'all'] as const)),
      concurrency: values.concurrency,
      dryRun: false,
      full: false,
      relistAfterMs: Number.POSITIVE_INFINITY,
      spaceCheck: true,
    }
    return exitCodeOf(await bringHome(plan, chosen.exporters, account, values, context))
  },
})
