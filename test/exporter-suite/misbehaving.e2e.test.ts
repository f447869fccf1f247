import { writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { builtInExporter } from '../../src/engine/exporters/installed.ts'
import type { Exporter, ExporterContext, Hooks, Image } from '../../src/exporter/index.ts'
import { exporterContract } from '../../src/exporter-suite/exporter-contract.ts'
import { byName, captioned, dreamer, hollow, poster } from '../engine/exporters/liars.ts'

/** Names of the checks that an exporter fails, of those that are asked for. */
async function failing(exporter: Exporter, only = /./): Promise<string[]> {
  const failed: string[] = []
  for (const { name, run } of exporterContract(exporter, builtInExporter).filter(({ name }) => only.test(name)))
    await run().catch(() => failed.push(name))
  return failed
}

const exporter = (create: (context: ExporterContext) => Hooks): Exporter => ({ name: 'folder', apiVersion: 1, create })

async function put(context: ExporterContext, path: string, data: string | Buffer): Promise<void> {
  await mkdir(dirname(join(context.output, path)), { recursive: true })
  await writeFile(join(context.output, path), data)
}

describe('an exporter passes', () => {
  test('that has nothing but deliver, and leaves the rest to the context', async () => {
    const minimal = exporter((context) => ({
      deliver: (image, file, { album }) => context.place(file, [...album.directory, image.name]),
    }))
    expect(await failing(minimal, /^(?!is found whole|loses nothing)/)).toEqual([])
  })

  test('that keeps nothing, and says so', async () => {
    expect(await failing({ ...exporter(() => ({ deliver() {} })), keeps: 'nothing' })).toEqual([])
  })

  test('that makes files of the pictures, and says so', async () => {
    const captions = captioned({ alters: true })
    expect(await failing(captions, /^(?!is found whole|loses nothing)/)).toEqual([])
  })
})

describe('an exporter fails, with the sentence that helps, that', () => {
  test.each([
    [
      'shows nothing, and does not say that it keeps nothing',
      poster(),
      "one that posts or counts declares keeps: 'nothing'",
    ],
    ['returns a path where no file is', dreamer, 'and there is no such file. It must have written the file'],
    ['writes files of 0 bytes', hollow, 'is empty, and the picture is not. It must await what it writes'],
    ['goes by date and name', byName, 'The exporter "by-name" must add image.key to the name'],
    ['writes other bytes, and does not say that it means to', captioned(), 'say alters: true'],
    ['keeps pictures where nobody can look', { ...dreamer, keeps: 'elsewhere' } as Exporter, 'needs an inspect()'],
  ])('%s', async (_, liar, sentence) => {
    const [first] = exporterContract(liar)
    const error = await first?.run().then(
      () => undefined,
      (thrown: Error) => thrown,
    )
    expect(String(error?.message) + JSON.stringify((error as { actual?: unknown })?.actual)).toContain(sentence)
  })

  test('says ok of an archive that is deleted is not believed, and so it comes again', async () => {
    const sure = exporter((context) => {
      const kept = new Map<string, string>()
      return {
        async deliver(image, _file, { album }) {
          kept.set(image.key, album.key)
          return { path: `${album.key}.bin`, entry: image.key, pending: true }
        },
        endAlbum: async (album) => context.writeFile([`${album.key}.bin`], [...kept.keys()].join()),
        inspect: () => 'ok',
      }
    })
    expect(await failing({ ...sure, alters: true }, /deleted/)).toEqual([])
  })

  test('returns before it has written', async () => {
    const early = exporter((context) => ({
      async deliver(image, file) {
        const path = join(context.output, `${image.key}.jpg`)
        // The folder may be gone by then.
        void buffer(file.stream()).then(
          (bytes) => writeFile(path, bytes).catch(() => {}),
          () => {},
        )
        return { path: `${image.key}.jpg` }
      },
    }))
    expect(await failing(early, /^has written/)).toEqual(['has written its file when its hook returns'])
  })

  test('goes by the name of the file', async () => {
    const simple = exporter((context) => ({
      async deliver({ fileName }: Image, file, { album }) {
        await put(context, `${album.key}/${fileName}`, await buffer(file.stream()))
        return { path: `${album.key}/${fileName}` }
      },
    }))
    expect(await failing(simple, /one file name/)).toEqual([
      'keeps images apart that have one file name, in one album, in two, and in two folders',
    ])
  })

  test('writes again under another name what it wrote before', async () => {
    let copies = 0
    const copying = exporter((context) => ({
      async deliver(image, file) {
        copies += 1
        return context.place(file, [`${image.key} (${copies})`])
      },
    }))
    expect(await failing(copying, /killed/)).toEqual(['is found whole by the next run, killed at whatever moment'])
  })

  test("overwrites what is the user's", async () => {
    const ruthless = exporter((context) => ({
      async deliver(image, file, { album }) {
        await put(context, `${album.key}/${image.key}`, await buffer(file.stream()))
      },
    }))
    expect(await failing(ruthless, /user/)).toEqual(["overwrites nothing of the user's"])
  })

  test('changes the staged file, which others are to get too', async () => {
    const vandal = exporter(() => ({ deliver: (_image, file) => writeFile(file.path, 'mine') }))
    expect(await failing(vandal, /staged/)).toEqual(['changes no staged file'])
  })

  test('writes in a dry run', async () => {
    const eager = exporter((context) => {
      writeFileSync(join(context.output, 'started.txt'), 'now')
      return { deliver() {} }
    })
    expect(await failing(eager, /dry run/)).toEqual(['writes nothing in a dry run'])
  })

  test('says that things are there which are not', async () => {
    const lying = exporter((context) => ({
      deliver: (image) => ({ path: `${image.key}.jpg` }),
      inspect: (delivery, depth) => context.inspect({ ...delivery, size: 1, sha256: '', modifiedMs: 1 }, depth),
    }))
    expect(await failing(lying, /^brings everything/)).toEqual([
      'brings everything, and a second run finds nothing to do',
    ])
  })

  test('returns what cannot be stored', async () => {
    const strange = exporter((context) => ({
      deliver: async (image, file) => ({ ...(await context.place(file, [image.key])), at: new Date() as never }),
    }))
    expect(await failing(strange, /stored/)).toEqual(['returns deliveries that can be stored and sent'])
  })

  test('says that an archive is done before it is, and forgets what it held', async () => {
    const late = exporter((context) => {
      const waiting: Buffer[] = []
      return {
        async deliver(image, file) {
          waiting.push(await buffer(file.stream()))
          return { path: 'all.bin', image: image.key }
        },
        async finish() {
          await context.writeFile(['all.bin'], Buffer.concat(waiting))
        },
        inspect: (_delivery, depth) => context.inspect({ path: 'all.bin' }, depth),
      }
    })
    expect(await failing(late, /^brings everything|told to/)).toEqual([
      'brings everything, and a second run finds nothing to do',
      'ends when it is told to, and goes on where it stopped',
    ])
  })
})
