import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Delivery, Exporter, ExporterContext, Image, Inspection, VerifiedFile } from '../../src/exporter/types.ts'

type Way = (
  context: ExporterContext,
  image: Image,
  file: VerifiedFile,
) => Promise<Delivery | undefined> | Delivery | undefined

const wholeOf = (file: VerifiedFile) => buffer(file.stream())

async function itself({ output }: ExporterContext, path: string, data: Buffer | string): Promise<Delivery> {
  await writeFile(join(output, path), data)
  return { path }
}

/** What an exporter may do with a picture, from honest to forged. */
export const ways = {
  'places it': (context, image, file) => context.place(file, [image.fileName]),
  'copies it': async (context, image, file) => context.writeFile([`${image.key}.jpg`], await wholeOf(file)),
  'copies it by name': async (context, image, file) => context.writeFile([image.fileName], await wholeOf(file)),
  'writes it itself': async (context, image, file) => itself(context, `${image.key}-own.jpg`, await wholeOf(file)),
  'writes it itself, by name': async (context, image, file) => itself(context, image.fileName, await wholeOf(file)),
  'makes another file': (context, image) => context.writeFile([`${image.key}.jpg`], `about ${image.key}`),
  'makes half of it': async (context, image, file) =>
    itself(context, `${image.key}-own.jpg`, (await wholeOf(file)).subarray(0, 100)),
  'makes an empty file': (context, image) => context.writeFile([`${image.key}.jpg`], ''),
  'shows nothing': () => undefined,
  'dreams of a file': (_context, image) => ({ path: `${image.key}-dreamt.jpg` }),
  'forges a proof': (_context, image, { size, sha256 }) => ({
    path: `${image.key}-dreamt.jpg`,
    size,
    sha256,
    modifiedMs: 1_700_000_000_000,
  }),
  'forges the proof of another file': async (context, image, { size, sha256 }) => ({
    ...(await context.writeFile([`${image.key}.jpg`], 'x'.repeat(size))),
    sha256,
  }),
  'shows one file for all': async (context) => itself(context, 'all.jpg', 'all of them'),
  'promises an archive': (_context, image) => ({ path: 'never.bin', entry: image.key, pending: true }),
} as const satisfies Record<string, Way>

/** How it answers when it is asked what is there; `undefined`: it does not. */
export const answers = ['ok', 'missing', 'damaged', 'changed', 'nonsense', undefined] as const

export interface Character {
  ways: readonly (keyof typeof ways)[]
  answers: (typeof answers)[number]
  keeps: 'here' | 'nothing'
}

/** One that does with each picture one of these things, always the same. */
export function liar({ ways: known, answers: answer, keeps }: Character): Exporter {
  const wayOf = (key: string) => known[createHash('sha256').update(key).digest().readUInt8() % known.length]
  return {
    name: 'liar',
    apiVersion: 1,
    keeps,
    create: (context) => ({
      deliver(image, file) {
        const way: Way = ways[wayOf(image.key) ?? 'places it']
        return way(context, image, file) as Promise<Delivery | undefined>
      },
      ...(answer !== undefined && { inspect: () => answer as Inspection }),
    }),
  }
}
