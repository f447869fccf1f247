import { existsSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAs } from '../../app/connection.ts'
import { exporterOptions } from '../../app/exporter-options.ts'
import { exporterNamed, loadExporters } from '../../app/exporter-registry.ts'
import { listenForInterrupt } from '../../app/interrupt.ts'
import type { Io } from '../../app/io.ts'
import { openLogFile } from '../../app/log-file.ts'
import { type LoggedIn, loggedIn } from '../../app/logged-in.ts'
import { catalogPath } from '../../app/output.ts'
import { pathGiven } from '../../app/path-given.ts'
import { runEventOf } from '../../app/run-event-of.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { AdoptEvent, AdoptPlan, AdoptSummary } from '../../engine/adopt/adopt.ts'
import type { InstalledExporter } from '../../engine/exporters/installed.ts'
import { SmugdlError } from '../../error.ts'
import { type Context, defineCommand } from '../command.ts'
import { exitCodes, exits, linesOf } from '../exit.ts'
import { jsonFlag, logFlags, networkFlags, outputFlag } from '../flags.ts'
import { adoptRenderer } from '../render/adopt.ts'

const { default: usualOutput, ...anyOutput } = outputFlag.output

export const adopt = defineCommand({
  about: `Takes over a backup that was made by hand or by another program, SmugMug's own ZIP archives in it too, so that the next run downloads only the rest. Files are recognised by their bytes (MD5 and size, against a fresh listing of the account), never by name, and come to where a download would put them. Nothing is overwritten, nothing is downloaded.
With DIR the output itself its catalog is rebuilt: what stands where it belongs is taken as it is. A broken catalog is set aside for that.
The upload of a video cannot be recognised: SmugMug keeps and tells only its own conversion.`,
  positionals: {
    dir: { required: true, help: 'A folder with pictures, or the output itself' },
  },
  flags: {
    output: {
      ...anyOutput,
      help: `Where everything goes; if absent, DIR where smugdl has been at work in it, else ${usualOutput}`,
    },
    exporter: {
      type: 'list',
      short: 'e',
      hint: 'NAME',
      separator: ',',
      help: 'What home looks like; as in the last run if absent, else folder',
    },
    set: {
      type: 'list',
      hint: 'EXPORTER.OPTION=VALUE',
      help: "An exporter's own option; as in the last run if absent",
    },
    link: { type: 'boolean', default: false, help: 'Make hard links instead of copies where the disk can' },
    move: { type: 'boolean', default: false, help: 'Move the files away from DIR instead of copying them' },
    concurrency: { type: 'integer', hint: 'N', default: 4, min: 1, max: 64, help: 'So many files are read at once' },
    ...jsonFlag,
    ...networkFlags,
    ...logFlags,
  },
  examples: [
    [
      'smugdl adopt ~/smugmug-backup -o ~/Pictures/SmugMug',
      'copies what it recognises; "smugdl" then fetches the rest',
    ],
    ['smugdl adopt ~/Downloads --move -o ~/Pictures/SmugMug', 'moves it instead; entries of archives are copied'],
    ['smugdl adopt ~/Pictures/SmugMug -o ~/Pictures/SmugMug', 'rebuilds a lost or broken catalog'],
  ],
  exits: {
    ...exits(1, 2, 3, 4, 5, 70, 130),
    0: 'every file was compared, and every one that is recognised is at home',
    1: 'a file could not be read or put home, or an album could not be listed',
    130: 'interrupted; what was read is remembered, and adopting again continues',
  },
  async run(values, context) {
    const { io } = context
    if (values.link && values.move)
      throw new SmugdlError('usage', {
        what: '--link and --move exclude each other',
        next: 'Give one of them, or none',
      })
    const folder = await folderAt(pathGiven(values.dir, io))
    const output = await outputFor(folder, values.output, io)
    const account = await loggedIn(values, context)
    const borrowing = values.move ? 'move' : values.link ? 'link' : 'copy'
    const summary = await takeOver({ ...values, folder, output, borrowing }, account, context)
    return summary.unreadable + summary.run.failedInAll === 0 ? 0 : exitCodes.item
  },
})

/** Without symbolic links, so that its files and the output's can be told to be the same. */
async function folderAt(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (there) => there.isDirectory(),
    () => false,
  )
  if (isFolder) return realpath(path)
  throw new SmugdlError('usage', {
    what: 'There is no such folder',
    item: path,
    next: 'Name the folder with the pictures',
  })
}

async function outputFor(folder: string, given: string | undefined, io: Io): Promise<string> {
  if (given === undefined && existsSync(join(folder, '.smugdl'))) return folder
  const output = pathGiven(given ?? usualOutput, io)
  return existsSync(output) ? realpath(output) : output
}

interface Asked extends Pick<AdoptPlan, 'folder' | 'output' | 'borrowing'> {
  exporter: readonly string[]
  set: readonly string[]
  concurrency: number
  json: boolean
  quiet: boolean
  verbose: boolean
  logFile: string | undefined
}

async function takeOver(asked: Asked, account: LoggedIn, { io, secrets }: Context): Promise<AdoptSummary> {
  const { folder, output, borrowing, concurrency } = asked
  const [{ RunLock }, { openFoundFiles }, { adopt }, { lastExporters, lastOptions }] = await Promise.all([
    import('../../catalog/lock/lock.ts'),
    import('../../catalog/adopt-index.ts'),
    import('../../engine/adopt/adopt.ts'),
    import('../../engine/run/last-options.ts'),
  ])
  const chosen = asked.exporter.length === 0 ? undefined : await loadExporters(asked.exporter)
  using log = asked.logFile === undefined ? undefined : await openLogFile(asked.logFile, io)
  using renderer = adoptRenderer(io, { ...asked, log: log?.write })
  const emit = (event: AdoptEvent) => renderer.on(event)
  using interrupt = listenForInterrupt((text) => emit({ type: 'notice', text }))
  try {
    using _lock = RunLock.acquire(output, { command: 'adopt', now: io.now() })
    using catalog = await openCatalog(asked, io, (text) => emit({ type: 'notice', text }))
    using found = openFoundFiles(join(output, '.smugdl', 'adopt.sqlite'))
    const exporters = chosen ?? (await lastBuiltIn(lastExporters(catalog)))
    const options = exporterOptions(asked.set, exporters, (name) => lastOptions(name, catalog))
    const { credentials, connection } = account
    const { signal } = interrupt
    await using smugmug = await connectAs(credentials, connection, {
      signal,
      onEvent: (event) => emit(runEventOf(event)),
    })
    const summary = await adopt(
      {
        folder,
        output,
        borrowing,
        readers: concurrency,
        exporters: exporters.map(({ exporter }) => exporter.name),
        exporterOptions: options,
      },
      { ...interrupt, smugmug, catalog, found, exporters, exporterNamed, now: io.now, emit },
    )
    renderer.finished(summary)
    // What could not be read is tried again, the rest is not read again.
    if (summary.unreadable + summary.run.failedInAll === 0) found.remove()
    return summary
  } catch (error) {
    for (const line of linesOf(error, secrets)) log?.write(line)
    throw error
  }
}

/** The exporters of the last run that come with smugdl; the folder exporter before the first. */
async function lastBuiltIn(names: readonly string[] = ['folder']): Promise<InstalledExporter[]> {
  return (await Promise.all(names.map(exporterNamed))).filter((installed) => installed !== undefined)
}

/** The catalog of the output. A broken one is set aside when it is the output that is to be adopted. */
async function openCatalog({ folder, output }: Asked, { now }: Io, notice: (text: string) => void): Promise<Catalog> {
  const [{ Catalog }, { setAside }, { isBroken }] = await Promise.all([
    import('../../catalog/catalog.ts'),
    import('../../catalog/set-aside.ts'),
    import('../../catalog/sqlite-error.ts'),
  ])
  const path = catalogPath(output)
  if (folder !== output) return Catalog.open(path)
  try {
    const catalog = Catalog.open(path)
    if (catalog.integrity().length === 0) return catalog
    catalog.close()
  } catch (error) {
    if (!isBroken(error)) throw error
  }
  const aside = setAside(path, now())
  notice(
    `The catalog is broken. It is set aside as ${aside}, and a new one is made from your pictures; what "smugdl accept" left out on purpose has to be told again.`,
  )
  return Catalog.open(path)
}
