import type { Exporter, ExporterContext, Hooks, OptionDefinition } from './types.ts'

export { albumPaths } from './album-paths.ts'
export { type AlbumFacts, albumFacts, coverOf } from './describe/album-facts.ts'
export { exifClock } from './describe/exif-clock.ts'
export { exifThumbnail } from './describe/exif-thumbnail.ts'
export { exifReach } from './describe/exif-tiff.ts'
export { type KeywordChoice, keywordsOf } from './describe/keywords.ts'
export { noDigest, withDigest } from './describe/own-digest.ts'
export { plainText } from './describe/plain-text.ts'
export { capturedClock, sidecarDate } from './describe/sidecar-date.ts'
export { type SidecarChoice, sidecarOptions, sidecarsOf } from './describe/sidecars.ts'
export { type XmpOptions, xmpOf } from './describe/xmp.ts'
export { DestinationError } from './destination-error.ts'
export { fileIdOf } from './file-id.ts'
export { imageFileName } from './image-file-name.ts'
export { type AlbumTemplate, albumTemplate, type PathTemplate, pathTemplate } from './path-template.ts'
export { type SafeName, safeName, shortened, splitExtension } from './safe-name.ts'
export { type TemplateField, type TemplateValues, templateFields } from './template-fields.ts'
export type * from './types.ts'
export { uniqueNames } from './unique-names.ts'
export { uniquePaths } from './unique-paths.ts'

/** The values that an exporter's declared options have, by name. */
export type OptionValues<Options extends Readonly<Record<string, OptionDefinition>>> = {
  readonly [Name in keyof Options]: Options[Name]['type'] extends 'number'
    ? number
    : Options[Name]['type'] extends 'boolean'
      ? boolean
      : Options[Name] extends { choices: readonly (infer Choice)[] }
        ? Choice
        : string
}

/** Gives an exporter its types; a plain object of the same shape does as well. */
export function defineExporter<const Options extends Readonly<Record<string, OptionDefinition>>>(
  exporter: Omit<Exporter, 'options' | 'create'> & {
    readonly options?: Options
    create(context: ExporterContext<OptionValues<Options>>): Hooks | Promise<Hooks>
  },
): Exporter {
  return exporter as unknown as Exporter
}
