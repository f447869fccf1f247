import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Exporter, ExporterContext, Hooks } from '../../../src/exporter/types.ts'

const exporter = (
  name: string,
  create: (context: ExporterContext) => Hooks,
  facts: Partial<Exporter> = {},
): Exporter => ({
  name,
  apiVersion: 1,
  create,
  ...facts,
})

/** The exporter that plugins/README.md prints as the heart of it. */
export const heart = exporter('heart', (context) => ({
  deliver: (image, file, { album }) =>
    context.place(file, [image.capturedAt?.slice(0, 4) ?? 'undated', ...album.directory, image.name]),
}))

/** Posts each picture somewhere and shows nothing. */
export const poster = (facts: Partial<Exporter> = {}) => exporter('poster', () => ({ deliver() {} }), facts)

/** Says that there are files where none are. */
export const dreamer = exporter('dreamer', () => ({ deliver: (image) => ({ path: `${image.key}.jpg` }) }))

/** Its program failed, and it did not look. */
export const hollow = exporter('hollow', (context) => ({
  async deliver(image) {
    const file = await context.createFile([`${image.key}.jpg`])
    return file.commit()
  },
}))

/** Files by date and name, as if a name were enough. */
export const byName = exporter('by-name', (context) => ({
  async deliver(image, file) {
    const copy = await context.createFile([image.capturedAt?.slice(0, 10) ?? 'undated', image.fileName])
    for await (const chunk of file.stream()) await copy.write(chunk as Buffer)
    return copy.commit()
  },
}))

/** Writes a caption under each picture: other bytes than it was given. */
export const captioned = (facts: Partial<Exporter> = {}) =>
  exporter(
    'captioned',
    (context) => ({ deliver: (image) => context.writeFile([`${image.key}.jpg`], `a picture, and: ${image.caption}`) }),
    facts,
  )

/** Writes the files itself, in its own folder. */
export const selfWriting = (path: (key: string) => string, data: string | undefined = undefined) =>
  exporter('self-writing', (context) => ({
    async deliver(image, file) {
      const bytes = data ?? (await buffer(file.stream()))
      await writeFile(join(context.output, path(image.key)), bytes)
      return { path: path(image.key), of: image.key }
    },
  }))
