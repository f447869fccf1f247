import { splitExtension } from './safe-name.ts'
import type { Account, Album, Image } from './types.ts'

/** What a template is filled with. */
export interface TemplateValues {
  readonly image: Image
  readonly album: Album
  readonly account: Pick<Account, 'nickName'>
}

type Field =
  | { readonly type: 'text'; readonly help: string; of(values: TemplateValues): string | undefined }
  | { readonly type: 'number'; readonly help: string; of(values: TemplateValues): number | undefined }
  | { readonly type: 'date'; readonly help: string; of(values: TemplateValues): string | undefined }
  | { readonly type: 'names'; readonly help: string; of(values: TemplateValues): readonly string[] }

export type TemplateField = keyof typeof templateFields

export type FieldType = (typeof templateFields)[TemplateField]['type']

/** The fields of a path template. Dates are `2024-04-30T10:12:09`, whatever follows. No keywords (many values), no caption (too long). */
export const templateFields = {
  name: text('Its file name: safe, unique in the album, never changed', ({ image }) => image.name),
  stem: text('The file name without its extension', ({ image }) => splitExtension(image.name).stem),
  ext: text(
    "The extension with its dot; added at a path's end where it is left out",
    ({ image }) => splitExtension(image.name).extension,
  ),
  fileName: text('The file name as it was uploaded', ({ image }) => image.fileName),
  key: text("SmugMug's key of the picture, never changed", ({ image }) => image.key),
  serial: number('The version of the file on SmugMug', ({ image }) => image.serial),
  position: number("Its place in the album's order, from 1; moves with the order", ({ image }) => image.position + 1),
  kind: text('photo, video or raw', ({ image }) => (image.component ? 'raw' : image.isVideo ? 'video' : 'photo')),
  format: text('JPG, PNG, GIF, MP4, …', ({ image }) => image.format),
  title: text('The title typed on SmugMug; moves the file when it is changed', ({ image }) => image.title),
  captured: date("When it was taken, by the camera's own clock", ({ image }) => image.capturedAt),
  uploaded: date('When it was uploaded, UTC', ({ image }) => image.uploadedAt),
  width: number('Its width in pixels', ({ image }) => image.width),
  height: number('Its height in pixels', ({ image }) => image.height),
  album: text("The album's name", ({ album }) => album.name),
  'album.path': names(
    'Folders and album as on SmugMug; with a format, their names joined by it',
    ({ album }) => album.directory,
  ),
  'album.url': names('Folders and album by their web addresses', ({ album }) =>
    album.urlPath.split('/').filter(Boolean),
  ),
  'album.key': text("SmugMug's key of the album, never changed", ({ album }) => album.key),
  'album.date': date('When the album was made, UTC', ({ album }) =>
    typeof album.raw.Date === 'string' ? album.raw.Date : undefined,
  ),
  account: text("The account's nickname", ({ account }) => account.nickName),
} satisfies Readonly<Record<string, Field>>

function text(help: string, of: (values: TemplateValues) => string | undefined) {
  return { type: 'text', help, of } as const
}

function number(help: string, of: (values: TemplateValues) => number | undefined) {
  return { type: 'number', help, of } as const
}

function date(help: string, of: (values: TemplateValues) => string | undefined) {
  return { type: 'date', help, of } as const
}

function names(help: string, of: (values: TemplateValues) => readonly string[]) {
  return { type: 'names', help, of } as const
}
