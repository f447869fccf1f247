import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Set by scripts/build.ts: the files below, by name, as JSON. A text stays where it is used; an object would be loaded by every command. */
declare const __SMUGDL_GALLERY__: string | undefined

type AssetName = 'app.js' | 'app.css' | 'photoswipe.js' | 'photoswipe.css'

/** Where each comes from, relative to this file. */
const assetFiles: Readonly<Record<AssetName, readonly string[]>> = {
  'app.js': ['page/viewer.js', 'page/timeline.js', 'page/search.js'],
  'app.css': ['page/app.css'],
  'photoswipe.js': ['../../node_modules/photoswipe/dist/umd/photoswipe.umd.min.js'],
  'photoswipe.css': ['../../node_modules/photoswipe/dist/photoswipe.css'],
}

/** All that the pages need beside themselves, in the order in which they are written. */
export const assetNames = Object.keys(assetFiles) as readonly AssetName[]

/** A script or style sheet of the pages. */
export function asset(name: AssetName): string {
  if (typeof __SMUGDL_GALLERY__ === 'string') return JSON.parse(__SMUGDL_GALLERY__)[name]
  return assetPaths(name)
    .map((path) => readFileSync(path, 'utf8'))
    .join('')
}

/** The files that it is made of, where the sources are. */
export function assetPaths(name: AssetName): string[] {
  return assetFiles[name].map((file) => fileURLToPath(new URL(file, import.meta.url)))
}
