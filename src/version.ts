import { readFileSync } from 'node:fs'

/** Set by scripts/build.ts; absent when the source runs as it is. */
declare const __SMUGDL_VERSION__: string | undefined
declare const __SMUGDL_COMMIT__: string | undefined

/** The version in package.json. */
export const version: string = typeof __SMUGDL_VERSION__ === 'string' ? __SMUGDL_VERSION__ : versionInPackage()

/** The git commit that was built, ending in `-dirty` if files differed from it; `unknown` where a build had no git, `source` unbundled. */
export const commit: string = typeof __SMUGDL_COMMIT__ === 'string' ? __SMUGDL_COMMIT__ : 'source'

function versionInPackage(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}
