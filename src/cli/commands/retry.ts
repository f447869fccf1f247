import { attendedRun } from '../attended-run.ts'
import { defineCommand } from '../command.ts'
import { confirmIn } from '../confirm.ts'
import { editedFlags, editedPlan } from '../edited-flags.ts'
import { exits } from '../exit.ts'
import {
  downloadsFlag,
  eventsFlag,
  execFlags,
  networkFlags,
  outputFlag,
  pluginPlaceFlags,
  progressFlag,
  runLogFlags,
} from '../flags.ts'
import { limitFlags, limitPlan } from '../limit-flags.ts'

export const retry = defineCommand({
  about:
    'Runs over the albums in which something failed, and no others. Other runs retry what is unlikely to recover at growing intervals; this retries it at once. Uses the exporters and options of the last run unless you name others.',
  flags: {
    exporter: {
      type: 'list',
      short: 'e',
      hint: 'NAME',
      separator: ',',
      help: 'Output format: folder, zip, manifest, gallery, s3 or a plugin; as in the last run if absent',
    },
    ...outputFlag,
    set: { type: 'list', hint: 'EXPORTER.OPTION=VALUE', help: "An exporter's own option" },
    ...pluginPlaceFlags,
    ...downloadsFlag,
    ...limitFlags,
    ...editedFlags,
    ...eventsFlag,
    ...networkFlags,
    ...progressFlag,
    ...runLogFlags,
    ...execFlags,
  },
  examples: [
    ['smugdl retry', 'asks again for what failed'],
    ['smugdl retry -o ~/Pictures/SmugMug --verbose', 'does so elsewhere, and says what is done'],
  ],
  exits: {
    ...exits(0, 1, 2, 3, 4, 5, 6, 70, 130),
    0: 'everything that had failed is safe now, or nothing had failed',
    1: 'something is still not safe: each item and reason is listed',
  },
  async run(values, context) {
    const { retry } = await import('../../app/retry.ts')
    const { limitRate: _, maxDuration: __, ...options } = values
    const plan = { ...limitPlan(values), ...editedPlan(values) }
    return attendedRun(values, context, (use) =>
      retry({ ...options, ...plan, confirm: confirmIn(context.io, use.signal) }, use),
    )
  },
})
