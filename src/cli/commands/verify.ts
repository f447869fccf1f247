import { connectAs } from '../../app/connection.ts'
import { type ExporterOptions, exporterOptions } from '../../app/exporter-options.ts'
import { listenForInterrupt } from '../../app/interrupt.ts'
import type { Io } from '../../app/io.ts'
import { openLogFile } from '../../app/log-file.ts'
import { type LoggedIn, loggedIn } from '../../app/logged-in.ts'
import { changeHome, exportersAtHome, openToRead } from '../../app/output.ts'
import { pathGiven } from '../../app/path-given.ts'
import type { PlaceValues } from '../../app/plugin-folders.ts'
import type { GrantValues } from '../../app/plugin-permissions.ts'
import { printable } from '../../app/text/printable.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { InstalledExporter } from '../../engine/exporters/installed.ts'
import type { Subset } from '../../engine/verify/inventory.ts'
import type { VerifyEvent, VerifySummary } from '../../engine/verify/verify.ts'
import { SmugdlError } from '../../error.ts'
import { bringHome, type Show } from '../bring-home.ts'
import { type Context, defineCommand } from '../command.ts'
import { exitCodes, exits } from '../exit.ts'
import { grantFlags, jsonFlag, logFlags, networkFlags, outputFlag, pluginPlaceFlags } from '../flags.ts'
import { jsonLine } from '../json-line.ts'
import { repairedLines, verifiedLines } from '../render/verified.ts'
import { tellWaits } from '../tell-waits.ts'

export const verify = defineCommand({
  about:
    'Reads what is at home again, offline, and compares every byte with what was delivered. "Damaged" has the size and time that it had, and other bytes; what has another time was changed by you and is left alone. Nothing is changed without --repair.',
  flags: {
    ...outputFlag,
    subset: {
      type: 'text',
      hint: 'N/OF',
      help: 'Only a share of it, always the same one: 1/7 today, 2/7 tomorrow … and a week has seen everything',
    },
    quick: { type: 'boolean', default: false, help: 'Compare size and time only' },
    repair: {
      type: 'boolean',
      default: false,
      help: 'Move what is damaged to the trash (.smugdl/trash) and fetch it and what is missing, nothing else',
    },
    concurrency: { type: 'integer', hint: 'N', default: 4, min: 1, max: 64, help: 'So many files are read at once' },
    ...pluginPlaceFlags,
    ...grantFlags,
    ...jsonFlag,
    ...networkFlags,
    ...logFlags,
  },
  examples: [
    ['smugdl verify', 'reads everything at home again'],
    ['smugdl verify --subset 1/7', 'reads the first seventh of it'],
    ['smugdl verify --repair', 'fetches what turns out to be missing or damaged'],
  ],
  exits: {
    ...exits(1, 2, 3, 4, 5, 70, 130),
    0: 'everything that was looked at is as it was delivered',
    1: 'something is missing, damaged, changed or unreadable and was not repaired, could not be looked at, or there was nothing to verify',
    3: 'not logged in, or the account refused us; only with --repair',
    5: 'SmugMug could not be reached or kept failing; only with --repair',
  },
  async run(values, context) {
    const { io } = context
    const output = pathGiven(values.output, io)
    const subset = values.subset === undefined ? undefined : subsetOf(values.subset)
    const account = values.repair ? await loggedIn(values, context) : undefined
    await using plugins = new AsyncDisposableStack()
    const found = await changeHome(output, 'verify', io, (catalog) =>
      look(catalog, { ...values, output, subset }, plugins, io),
    )
    if (found.isRight) return 0
    if (account === undefined) return exitCodes.item
    return (await repair(found, { ...values, output }, account, context)) ? 0 : exitCodes.item
  },
})

function subsetOf(text: string): Subset {
  const [part = 0, of = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).slice(1).map(Number)
  if (part >= 1 && part <= of) return { part, of }
  throw new SmugdlError('usage', {
    what: '--subset takes N/OF, N from 1 to OF',
    item: text,
    next: 'For instance --subset 1/7, and 2/7 tomorrow',
  })
}

interface Look extends PlaceValues, GrantValues {
  output: string
  subset: Subset | undefined
  quick: boolean
  concurrency: number
  json: boolean
  quiet: boolean
  verbose: boolean
  logFile: string | undefined
}

interface Found {
  summary: VerifySummary
  isRight: boolean
  exporters: readonly InstalledExporter[]
  exporterOptions: ExporterOptions
}

/** Looks at home and tells what was found. */
async function look(
  catalog: Catalog,
  { output, subset, quick, ...show }: Look,
  plugins: AsyncDisposableStack,
  io: Io,
): Promise<Found> {
  const [{ verify, isAllRight }, { lastOptions }, { verifyProgress }] = await Promise.all([
    import('../../engine/verify/verify.ts'),
    import('../../engine/run/last-options.ts'),
    import('../render/verify-progress.ts'),
  ])
  using log = show.logFile === undefined ? undefined : await openLogFile(show.logFile, io)
  using progress = show.json || show.quiet ? undefined : verifyProgress(io)
  const unknownFiles: string[] = []
  const emit = (event: VerifyEvent) => {
    progress?.on(event)
    if (event.type === 'verify.unknown' && show.verbose) unknownFiles.push(event.path)
    if (event.type === 'notice') log?.write(printable(event.text))
  }
  const { exporters } = plugins.use(await exportersAtHome(catalog, show, io, (text) => emit({ type: 'notice', text })))
  const options = exporterOptions([], exporters, (name) => lastOptions(name, catalog))
  using interrupt = listenForInterrupt((text) => emit({ type: 'notice', text }))
  const plan = {
    output,
    exporterOptions: options,
    depth: quick ? 'quick' : 'full',
    ...(subset && { subset }),
    readers: show.concurrency,
  } as const
  const summary = await verify(plan, { ...interrupt, catalog, exporters, now: io.now, emit })
  progress?.end()

  const isRight = isAllRight(summary)
  const lines = verifiedLines(summary, unknownFiles)
  for (const line of lines) log?.write(line)
  if (show.json)
    io.stdout.write(jsonLine({ type: 'verify.finished', ...summary, ...(show.verbose && { unknownFiles }) }))
  else if (!show.quiet || !isRight) io.stdout.write(lines.map((line) => `${line}\n`).join(''))
  return { summary, isRight, exporters, exporterOptions: options }
}

/** Fetches what is missing or damaged, and nothing else. Whether all is right then. */
async function repair(
  { summary: { findings }, exporters, exporterOptions }: Found,
  values: Show & { output: string; concurrency: number },
  account: LoggedIn,
  context: Context,
): Promise<boolean> {
  const { io } = context
  const { output, concurrency } = values
  const { prepareRepair, unrepaired } = await import('../../engine/verify/repair.ts')
  const wanted = await changeHome(output, 'verify --repair', io, async (catalog) => {
    using interrupt = listenForInterrupt((text) => io.stderr.write(`${text}\n`))
    const calling = { signal: interrupt.winding, onEvent: tellWaits(io) }
    await using smugmug = await connectAs(account.credentials, account.connection, calling)
    return await prepareRepair(findings, output, { api: smugmug.api, catalog, now: io.now })
  })
  if (wanted.exporters.length > 0) {
    const plan = {
      output,
      exporters: wanted.exporters,
      exporterOptions,
      albums: [],
      exclude: [],
      only: wanted.only,
      concurrency,
      dryRun: false,
      full: false,
      relistAfterMs: Number.POSITIVE_INFINITY,
      spaceCheck: true,
    }
    const used = exporters.filter(({ exporter }) => wanted.exporters.includes(exporter.name))
    await bringHome(plan, used, account, values, context)
  }
  using catalog = await openToRead(output, io)
  const left = unrepaired(findings, catalog)
  if (values.json) io.stdout.write(jsonLine({ type: 'repair.finished', found: findings.length, left }))
  else if (!values.quiet || left.length > 0)
    io.stdout.write(
      repairedLines(findings.length, left)
        .map((line) => `${line}\n`)
        .join(''),
    )
  return left.length === 0
}
