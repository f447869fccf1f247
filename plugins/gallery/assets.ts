import { readFileSync } from 'node:fs'

/** Set by scripts/build.ts: the files below, by name. */
declare const __SMUGDL_GALLERY__: Readonly<Record<AssetName, string>> | undefined

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
  if (typeof __SMUGDL_GALLERY__ === 'object') return __SMUGDL_GALLERY__[name]
  return assetFiles[name].map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('')
}
