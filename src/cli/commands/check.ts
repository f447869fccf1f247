import { basename, extname } from 'node:path'
import type { CheckingEvent } from '../../app/check.ts'
import { pathGiven } from '../../app/path-given.ts'
import { narrate } from '../../app/text/narrate.ts'
import { printable } from '../../app/text/printable.ts'
import type { CheckEvent } from '../../engine/check/compare-account.ts'
import { isOpen } from '../../engine/check/verdict.ts'
import { SmugdlError } from '../../error.ts'
import { type AtomicFile, atomicFile } from '../atomic-file.ts'
import { defineCommand } from '../command.ts'
import { confirmIn } from '../confirm.ts'
import { exitCodes, exits } from '../exit.ts'
import { albumFlags, logFlags, networkFlags, outputFlag, pluginPlaceFlags, runLogFlags } from '../flags.ts'
import { inTerminal } from '../in-terminal.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import { logged } from '../logged.ts'
import { checkProgress } from '../render/check-progress.ts'

export const check = defineCommand({
  about: `Lists the whole account again, trusting nothing that earlier runs saw, compares it with home, and ends with a certificate. Home is not changed. Prints a line for each item that differs:
  +  only on SmugMug: missing at home, or left out on purpose
  -  only at home: SmugMug no longer has it; that is no fault
  *  different: other bytes than SmugMug has, or changed or damaged at home
  !  could not be checked: SmugMug does not show it, or the file cannot be read
Where SmugMug provides no MD5, version and size are compared, and the certificate says of how many.`,
  flags: {
    output: {
      ...outputFlag.output,
      help: 'What to compare with: where your runs put everything; the home used last if absent',
    },
    exporter: {
      type: 'list',
      short: 'e',
      hint: 'NAME',
      separator: ',',
      help: 'Count only what these exporters have as home; default: all that were ever used',
    },
    ...albumFlags,
    read: { type: 'boolean', default: false, help: 'Read every byte at home too, and remember that it was right' },
    combined: {
      type: 'text',
      hint: 'FILE',
      path: 'file',
      help: 'Write a line for every item to this file, with = for items that are the same, as rclone check does',
    },
    certificate: {
      type: 'text',
      hint: 'FILE.html',
      path: 'file',
      help: 'Write the certificate to this file too, as a page to keep or to print',
    },
    json: { type: 'boolean', default: false, help: 'Write the certificate to standard output as one JSON object' },
    ...pluginPlaceFlags,
    ...networkFlags,
    ...logFlags,
    quiet: runLogFlags.quiet,
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
    requirePage(values.certificate)
    const [{ check }, { itemLine, findingLine, certificateLines, quietLine }] = await Promise.all([
      import('../../app/check.ts'),
      import('../render/certificate/text.ts'),
    ])
    return logged(values, context, async (log) => {
      using combined = fileOf(values.combined, '--combined', io)
      using page = fileOf(values.certificate, '--certificate', io)
      using progress = values.quiet ? undefined : checkProgress(io)
      let known = 0
      const item = (event: CheckEvent & { type: 'item' }) => {
        const { kind } = event.verdict
        combined?.write(`${itemLine(event)}\n`)
        log?.write(findingLine(event), isOpen[kind] ? 'warn' : kind === 'same' ? 'debug' : 'info')
        if (event.isKnown) known += 1
        const isShown = values.quiet ? isOpen[kind] && !event.isKnown : kind !== 'same' || values.verbose
        if (values.json || !isShown) return
        progress?.clear()
        io.stdout.write(`${findingLine(event)}\n`)
      }
      using use = inTerminal<CheckingEvent>(context, (event) => {
        if (event.type === 'notice' || event.type === 'retry' || event.type === 'rateLimited') {
          const sentence = narrate(event)?.text ?? ''
          log?.write(sentence)
          progress?.print(sentence)
          return
        }
        progress?.on(event)
        if (event.type === 'item') item(event)
      })
      const certificate = await check({ ...values, confirm: confirmIn(io, use.signal) }, use)
      progress?.end()
      combined?.commit()
      if (page !== undefined) {
        const { certificatePage } = await import('../render/certificate/page.ts')
        page.write(certificatePage(certificate))
        page.commit()
      }
      for (const line of certificateLines(certificate)) if (line !== '') log?.write(line)
      if (values.json) {
        const { certificateObject } = await import('../render/certificate/json.ts')
        io.stdout.write(jsonLine(certificateObject(certificate)))
      } else {
        const quiet = certificate.complete ? [] : [quietLine(certificate, known)]
        const lines = values.quiet ? quiet : certificateLines(certificate, io.stdout.columns)
        io.stdout.write(lines.map((line) => `${line}\n`).join(''))
        if (values.certificate !== undefined && !values.quiet)
          io.stderr.write(`\nAs a page to print: ${printable(pathGiven(values.certificate, io))}\n`)
      }
      return certificate.complete ? 0 : exitCodes.item
    })
  },
})

/** Throws `usage` for a file name with the extension of something else than a web page. */
function requirePage(path = ''): void {
  const extension = extname(path)
  if (['', '.html', '.htm'].includes(extension.toLowerCase())) return
  throw new SmugdlError('usage', {
    what: 'The certificate is a web page',
    item: path,
    next: `Name it ${basename(path, extension)}.html; a browser prints it to PDF`,
  })
}

function fileOf(path: string | undefined, flag: string, io: Io): AtomicFile | undefined {
  return path === undefined ? undefined : atomicFile(pathGiven(path, io), flag)
}
