import { existsSync, readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { basename, dirname, extname, join } from 'node:path'
import { types } from 'node:util'

/**
 * Loads the file of a plugin and returns its default export (`module.exports` of CommonJS). Throws with a sentence that says why it
 * cannot be loaded and how to fix it. Called in a plugin's own process only.
 */
export function load(entry: string): unknown {
  let loaded: unknown
  try {
    // Unlike import(), this reads from disk inside an executable too: CommonJS, ES modules and TypeScript (types erased).
    loaded = createRequire(entry)(entry)
  } catch (error) {
    throw explained(entry, error)
  }
  return types.isModuleNamespaceObject(loaded) ? (loaded as { default?: unknown }).default : loaded
}

function explained(entry: string, error: unknown): unknown {
  if (!(error instanceof Error)) return new Error(`threw ${String(error)} while it was loaded`)
  const code = 'code' in error ? error.code : undefined
  const say = (what: string) => new Error(what, { cause: error })
  switch (code) {
    case 'ERR_REQUIRE_ASYNC_MODULE':
      return say('waits (await) at its top level, where a plugin cannot: move that into create() or prepare()')
    case 'MODULE_NOT_FOUND':
    case 'ERR_MODULE_NOT_FOUND':
      return say(missing(error.message))
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return say(`has TypeScript in it that is more than types (${error.message}): only types can be erased`)
    case 'ERR_ACCESS_DENIED':
    case 'ERR_UNKNOWN_BUILTIN_MODULE':
    case 'ERR_DLOPEN_DISABLED':
      return error
  }
  if (!(error instanceof SyntaxError)) return say(`threw while it was loaded: ${error.message}`)
  return say(commonJs(entry, error) ?? `is not valid ${place(entry, error)}`)
}

function missing(message: string): string {
  const [, name = ''] = /Cannot find (?:module|package) '([^']+)'/.exec(message) ?? []
  if (/^[./]|^[a-z]:\\/i.test(name)) return `imports ${name}, which is not there or lies outside of its folder`
  return `needs the package ${name}, which is not there: install it in the plugin's own folder (with a package.json), or bundle it into the file`
}

/** ES syntax in a file that a package.json or the extension declares as CommonJS. */
function commonJs(entry: string, { message }: SyntaxError): string | undefined {
  if (!/'export'|import statement|'import\.meta'|Unexpected token 'import'/.test(message)) return undefined
  const renamed = `${basename(entry, extname(entry))}${extname(entry).endsWith('ts') ? '.mts' : '.mjs'}`
  const words = 'has import or export in it, but counts as CommonJS'
  if (extname(entry) === '.cjs') return `${words}: rename it to ${renamed}`
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    const description = join(folder, 'package.json')
    if (existsSync(description))
      return `${words} because of ${description}: write "type": "module" there, or rename the file to ${renamed}`
    if (folder === dirname(folder)) return undefined
  }
}

/** The position of a syntax error. Node reports it for CommonJS only; for other files its type stripper does. */
function place(entry: string, error: SyntaxError): string {
  const language = extname(entry).endsWith('ts') ? 'TypeScript' : 'JavaScript'
  const where = (stack = '') => /:(\d+)$/.exec(stack.split('\n')[0] ?? '')?.[1]
  let line = where(error.stack)
  let { message } = error
  if (line === undefined) {
    try {
      stripTypeScriptTypes(readFileSync(entry, 'utf8'), { sourceUrl: entry })
    } catch (found) {
      if (found instanceof Error) ({ message } = found)
      line = found instanceof Error ? where(found.stack) : undefined
    }
  }
  return `${language}: ${message}${line === undefined ? '' : `, line ${line}`}`
}
