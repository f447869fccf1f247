import { declarations } from '../../exporter/declarations.ts'

/** The files of a new plugin, by name. */
export function scaffold(name: string, kind: 'ts' | 'mjs'): Record<string, string> {
  return {
    'package.json': `${JSON.stringify(
      {
        name,
        version: '0.1.0',
        private: true,
        type: 'module',
        main: `index.${kind}`,
        scripts: { test: 'node --test' },
      },
      null,
      2,
    )}\n`,
    [`index.${kind}`]: plugin(name, kind),
    [`index.test.${kind}`]: test(kind),
    'smugdl-exporter.d.ts': declarations(),
    'README.md': readme(name, kind),
  }
}

function plugin(name: string, kind: 'ts' | 'mjs'): string {
  const typed = kind === 'ts'
  const begin = typed
    ? `import type { Exporter, Image } from './smugdl-exporter.d.ts'

const exporter: Exporter = {`
    : `// @ts-check

/** @type {import('./smugdl-exporter.d.ts').Exporter} */
export default {`
  return `${begin}
  name: '${name}', // the folder's name too
  apiVersion: 1,
  description: 'A folder for each year, with the albums in it',
  options: {
    undated: { type: 'string', default: 'undated', help: 'The folder of images without a date' },
  },

  create(context) {
    const { undated } = context.options
${typed ? '' : "\n    /** @param {import('./smugdl-exporter.d.ts').Image} image */"}
    function yearOf(image${typed ? ': Image' : ''}) {
      return image.capturedAt?.slice(0, 4) ?? String(undated)
    }

    return {
      // The one hook that an exporter must have. place() makes names safe, overwrites nothing and survives a power cut.
      deliver: (image, file, { album }) => context.place(file, [yearOf(image), ...album.directory, image.name]),

      // An image, an album or a folder was renamed: without this hook it would be delivered again.
      relocate: (delivery, image, { album }) => context.move(delivery, [yearOf(image), ...album.directory, image.name]),
    }
  },
}${typed ? '\n\nexport default exporter' : ''}
`
}

function test(kind: 'ts' | 'mjs'): string {
  const typed = kind === 'ts'
  return `import assert from 'node:assert/strict'
import { test } from 'node:test'
import exporter from './index.${kind}'
${typed ? "import type { Album, ExporterContext, Image, VerifiedFile } from './smugdl-exporter.d.ts'\n" : ''}
// A context that only remembers. \`smugdl plugins check .\` tries the plugin for real.
async function placesOf(image${typed ? ': object' : ''}) {
  const places${typed ? ': string[]' : ''} = []
  const context = {
    options: { undated: 'undated' },
    async place(_file${typed ? ': unknown' : ''}, path${typed ? ': string[]' : ''}) {
      places.push(path.join('/'))
      return { path: path.join('/') }
    },
  }
  const hooks = await exporter.create(context${typed ? ' as unknown as ExporterContext' : ''})
  const album = { directory: ['Travel', 'Rome'] }
  ${typed ? 'await hooks.deliver(image as Image, {} as VerifiedFile, { album: album as unknown as Album })' : 'await hooks.deliver(image, {}, { album })'}
  return places
}

test('an image goes into the folder of its year', async () => {
  const image = { name: 'IMG_1.jpg', capturedAt: '2024-04-30T10:12:09' }
  assert.deepEqual(await placesOf(image), ['2024/Travel/Rome/IMG_1.jpg'])
})

test('an image without a date goes where the option says', async () => {
  assert.deepEqual(await placesOf({ name: 'IMG_2.jpg' }), ['undated/Travel/Rome/IMG_2.jpg'])
})
`
}

function readme(name: string, kind: 'ts' | 'mjs'): string {
  return `# ${name}

An exporter for smugdl: it decides what a SmugMug account looks like at home.

- \`index.${kind}\` is all of it. \`smugdl-exporter.d.ts\` holds the types, with what each part promises; nothing needs to be installed.
- \`node --test\` runs \`index.test.${kind}\`.
- \`smugdl plugins check .\` runs it over a sample account, shows what came out, and tries what every exporter must do.
  \`smugdl plugins dev .\` does so each time that you save.
- To use it: \`smugdl download -e folder,${name} --plugin-dir ..\`, or move this folder to where \`smugdl plugins dir\` says.

It runs in a process of its own, which may read this folder and the downloaded files, and write \`<output>/${name}/\`. For more a user must
allow it: \`smugdl plugins allow ${name} net read=PATH\`. What it cannot do without belongs into \`wants: ['net', 'run']\`, which is asked for
before the first byte.
`
}
