import { join } from 'node:path'
import type { Demo } from '../../app/demo.ts'
import { pathShown } from '../../app/path-given.ts'
import { counted } from '../../app/text/quantities.ts'
import { type Context, defineCommand } from '../command.ts'
import { exitCodes, exits } from '../exit.ts'
import { downloadsFlag, eventsFlag, grantFlags, logFlags, pluginPlaceFlags, progressFlag } from '../flags.ts'
import { inTerminal } from '../in-terminal.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import { logged } from '../logged.ts'
import { parse } from '../parse.ts'
import { showRun } from '../show-run.ts'
import { treeOf } from '../tree.ts'

export const demo = defineCommand({
  about:
    'Starts a small SmugMug on this machine, with an account of about 300 pictures, downloads it as `smugdl download` does, and compares the result with what the account holds.',
  flags: {
    output: {
      type: 'text',
      short: 'o',
      hint: 'DIR',
      path: 'directory',
      help: 'A new or empty folder; smugmug_demo here if none is named, or the next free smugmug_demo-2 …',
    },
    exporter: {
      type: 'list',
      short: 'e',
      hint: 'NAME',
      separator: ',',
      help: 'Exporters other than folder, plugins too: shows what they make of the account, and compares nothing',
    },
    ...pluginPlaceFlags,
    ...grantFlags,
    ...downloadsFlag,
    gallery: { type: 'boolean', default: false, help: 'Make the gallery too: web pages that open with a double click' },
    serve: { type: 'boolean', default: false, help: 'Only serve the account, until Ctrl-C, and say how to reach it' },
    port: { type: 'integer', hint: 'N', default: 0, min: 0, max: 65535, help: 'Port to listen on; 0 is any free one' },
    ...eventsFlag,
    ...progressFlag,
    ...logFlags,
  },
  examples: [
    ['smugdl demo', 'brings the demo account home into ./smugmug_demo'],
    ['smugdl demo -o /tmp/demo --concurrency 2', 'does so elsewhere, two downloads at once'],
    ['smugdl demo --gallery', 'leaves a gallery to look at: open its index.html'],
    ['smugdl demo -e folder,captioned --plugin-dir .', 'shows what a plugin makes of it'],
    ['smugdl demo --serve', 'offers the account to a smugdl in another terminal'],
  ],
  exits: {
    ...exits(1, 2, 4, 70, 130),
    0: 'home is exactly what the demo account allows, its unfinished video aside',
    1: 'home is not what the demo account holds',
  },
  async run(values, context) {
    const { io } = context
    const { demo, serveDemo } = await import('../../app/demo.ts')
    if (values.serve) {
      using use = inTerminal(context, () => {})
      await serveDemo(values, use, (variables) => offer(variables, values.json, io))
      return 0
    }
    return logged(values, context, async (log) => {
      const done = await showRun(values, context, (use) => demo(values, use), log)
      const { isExact } = done
      if (values.json) io.stdout.write(jsonLine({ type: 'demo.finished', ...done }))
      else if (!values.quiet || !isExact) io.stdout.write(await report(done, values.gallery, io))
      return isExact ? 0 : exitCodes.item
    })
  },
})

/** The demo as `smugdl demo` shows it. */
export async function tryDemo(context: Context): Promise<void> {
  await demo.run(parse('demo', demo, [], {}) as never, context)
}

async function report(
  { output, isExact, isCompared, same, missing, unexpected, unavailable }: Demo,
  hasGallery: boolean,
  io: Io,
): Promise<string> {
  const verdict = isExact
    ? `Home is exactly what the demo account allows: ${counted(same, 'file')}, each compared by MD5 with the simulator's own list.`
    : `Home is NOT what the demo account allows: ${same} as they should be, ${missing} missing, ${unexpected} unexpected.`
  const unfinished =
    unavailable === 0
      ? []
      : [
          `Its unfinished video shows how you would hear of what is not safe: listed by name and reason, and a real run exits 1 until it is home.`,
        ]
  const lines = [
    '',
    pathShown(output, io),
    ...(await treeOf(output, { sizes: !isCompared })),
    '',
    ...(isCompared ? [verdict, ...unfinished] : []),
    ...(hasGallery ? [`Look at it: open ${pathShown(join(output, 'index.html'), io)} in a browser.`] : []),
    'Next: `smugdl` asks for what it needs, and brings your own account home.',
  ]
  return `${lines.join('\n')}\n`
}

function offer(environment: Readonly<Record<string, string>>, json: boolean, io: Io): void {
  const variables = Object.entries(environment)
  const set = (as: (name: string, value: string) => string) => variables.map(([name, value]) => `${as(name, value)}\n`)
  const lines =
    io.platform === 'win32'
      ? [
          'rem In cmd:\n',
          ...set((name, value) => `set ${name}=${value}`),
          '# In PowerShell:\n',
          ...set((name, value) => `$env:${name} = '${value}'`),
        ]
      : set((name, value) => `export ${name}=${value}`)
  io.stdout.write(json ? jsonLine(environment) : lines.join(''))
  io.stderr.write('The demo account is open until Ctrl-C; set these variables where smugdl is to find it.\n')
}
