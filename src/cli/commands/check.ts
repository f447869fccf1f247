import { connectAs } from '../../app/connection.ts'
import { exporterOptions } from '../../app/exporter-options.ts'
import { listenForInterrupt } from '../../app/interrupt.ts'
import type { Io } from '../../app/io.ts'
import { type LoggedIn, loggedIn } from '../../app/logged-in.ts'
import { type NewFile, newFile } from '../../app/new-file.ts'
import { catalogPath, exportersAtHome } from '../../app/output.ts'
import { pathGiven } from '../../app/path-given.ts'
import type { PlaceValues } from '../../app/plugin-folders.ts'
import type { GrantValues } from '../../app/plugin-permissions.ts'
import { printable } from '../../app/text/printable.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { RunLock } from '../../catalog/lock/lock.ts'
import type { Certificate } from '../../engine/check/certificate.ts'
import { SmugdlError } from '../../error.ts'
import { didYouMean } from '../../nearest.ts'
import { version } from '../../version.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, exits } from '../exit.ts'
import { albumFlags, grantFlags, networkFlags, outputFlag, pluginPlaceFlags } from '../flags.ts'
import { jsonLine } from '../json-line.ts'
import { checkProgress } from '../render/check-progress.ts'
import { tellWaits } from '../tell-waits.ts'

export const check = defineCommand({
  about: `Lists the whole account anew, trusting nothing that earlier runs saw, compares it with home, and ends with a certificate. Home is not changed. A line for each item that differs:
  +  only on SmugMug: missing at home, or left out on purpose
  -  only at home: SmugMug no longer has it; that is no fault
  *  different: other bytes than SmugMug has, or changed or damaged at home
  !  could not be checked: SmugMug does not show it, or the file cannot be read
Where SmugMug tells no MD5, version and size are compared, and the certificate says of how many.`,
  flags: {
    output: { ...outputFlag.output, help: 'What to compare with: where your runs put everything' },
    exporter: {
      type: 'list',
      short: 'e',
      hint: 'NAME',
      separator: ',',
      help: 'Only what these exporters have counts as home; all that were ever used if absent',
    },
    ...albumFlags,
    read: { type: 'boolean', default: false, help: 'Read every byte at home too, and remember that it was right' },
    combined: {
      type: 'text',
      hint: 'FILE',
      path: 'file',
      help: 'Write a line for every item to this file, = for what is the same, as rclone check does',
    },
    certificate: {
      type: 'text',
      hint: 'FILE.html',
      path: 'file',
      help: 'Write the certificate to this file too, as a page to keep or to print',
    },
    json: { type: 'boolean', default: false, help: 'Write the certificate to standard output as one JSON object' },
    ...pluginPlaceFlags,
    ...grantFlags,
    ...networkFlags,
  },
  examples: [
    ['smugdl check', 'says what differs, and whether everything is at home'],
    ['smugdl check --read --certificate smugmug.html', 'reads every byte too, and leaves a page to print'],
    ["smugdl check --album 'Travel/**' --combined items.txt", 'compares some albums, and lists all their items'],
  ],
  exits: {
    ...exits(1, 2, 3, 4, 5, 70, 130),
    0: 'everything that the account lists is at home, or was left out on purpose',
    1: 'something is missing, different, or could not be checked',
  },
  async run(values, context) {
    const { io } = context
    const output = pathGiven(values.output, io)
    await using combined = await fileOf(values.combined, '--combined', io)
    await using page = await fileOf(values.certificate, '--certificate', io)
    const account = await loggedIn(values, context)
    using _lock = values.read ? await lockHome(output, io) : undefined
    const certificate = await compare({ ...values, output, combined }, account, io)
    await combined?.commit()
    if (page !== undefined) {
      const { certificatePage } = await import('../render/certificate/page.ts')
      await page.write(certificatePage(certificate))
      await page.commit()
    }
    await print(certificate, values.json, io)
    return certificate.complete ? 0 : exitCodes.item
  },
})

async function fileOf(path: string | undefined, flag: string, io: Io): Promise<NewFile | undefined> {
  return path === undefined ? undefined : newFile(pathGiven(path, io), flag)
}

/** What is read is remembered in the catalog, and only one may change that. Makes nothing where no run was made. */
async function lockHome(output: string, { now }: Io): Promise<RunLock> {
  const [{ Catalog }, { RunLock }] = await Promise.all([
    import('../../catalog/catalog.ts'),
    import('../../catalog/lock/lock.ts'),
  ])
  Catalog.openToRead(catalogPath(output)).close()
  return RunLock.acquire(output, { command: 'check --read', now: now() })
}

interface Asked extends PlaceValues, GrantValues {
  /** Absolute. */
  output: string
  exporter: readonly string[]
  album: readonly string[]
  exclude: readonly string[]
  /** Every byte, and remember that it was right: the caller holds the lock. */
  read: boolean
  json: boolean
  combined: NewFile | undefined
}

/** Compares account and home, and tells each difference as it is found. */
async function compare(
  { output, exporter, album, exclude, read, json, combined, ...places }: Asked,
  { credentials, connection }: LoggedIn,
  io: Io,
): Promise<Certificate> {
  const [{ Catalog }, { check }, { draftCertificate }, { Verified }, { lastOptions }, text] = await Promise.all([
    import('../../catalog/catalog.ts'),
    import('../../engine/check/check.ts'),
    import('../../engine/check/certificate.ts'),
    import('../../engine/verify/verified-log.ts'),
    import('../../engine/run/last-options.ts'),
    import('../render/certificate/text.ts'),
  ])
  using progress = checkProgress(io)
  using interrupt = listenForInterrupt(progress.tell)
  const notices: string[] = []
  const notice = (text: string) => {
    notices.push(text)
    progress.tell(printable(text))
  }
  using scratch = Catalog.openCopy(catalogPath(output))
  using catalog = read ? Catalog.open(catalogPath(output)) : undefined
  await using atHome = await exportersAtHome(scratch, places, io, notice)
  const { exporters } = atHome
  const used = namesOf(exporter, scratch)
  const depth = read ? 'full' : 'quick'
  const choice = { albums: album, exclude }
  const plan = {
    ...choice,
    output,
    depth,
    exporters: used,
    exporterOptions: exporterOptions([], exporters, (name) => lastOptions(name, scratch)),
  } as const
  const draft = draftCertificate({ home: output, startedAt: io.now(), version, depth, exporters: used, choice })
  const verified = catalog && new Verified(catalog)
  const calling = { signal: interrupt.signal, onEvent: tellWaits(io, progress.tell) }
  await using smugmug = await connectAs(credentials, connection, calling)
  const parts = {
    ...interrupt,
    smugmug,
    scratch,
    exporters,
    now: io.now,
    verified: (row: DeliveryRow, at: number) => verified?.add(row, at),
    notice,
    detail() {},
  }
  try {
    for await (const event of check(plan, parts)) {
      draft.add(event)
      progress.on(event)
      if (event.type !== 'item') continue
      await combined?.write(`${text.itemLine(event)}\n`)
      if (json || event.verdict.kind === 'same') continue
      progress.clear()
      io.stdout.write(`${text.findingLine(event)}\n`)
    }
  } finally {
    verified?.flush()
  }
  return draft.finish({ endedAt: io.now(), notices })
}

/** The exporters whose deliveries count. Throws `usage` for one that never delivered here. */
function namesOf(asked: readonly string[], { deliveries }: Catalog): readonly string[] {
  const known = deliveries.exporters()
  const unknown = asked.find((name) => !known.includes(name))
  if (unknown === undefined) return asked.length > 0 ? asked : known
  throw new SmugdlError('usage', {
    what: 'This exporter never delivered anything here',
    item: unknown,
    next: `${didYouMean(unknown, known)}Home was made by ${known.join(', ') || 'none yet'}`,
  })
}

async function print(certificate: Certificate, json: boolean, { stdout }: Io): Promise<void> {
  if (json) {
    const { certificateObject } = await import('../render/certificate/json.ts')
    stdout.write(jsonLine(certificateObject(certificate)))
    return
  }
  const { certificateLines } = await import('../render/certificate/text.ts')
  stdout.write(
    certificateLines(certificate)
      .map((line) => `${line}\n`)
      .join(''),
  )
}
