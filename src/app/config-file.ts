import { join } from 'node:path'
import { SmugdlError } from '../error.ts'
import { configDirIfAny } from './config-dir.ts'
import type { Environment } from './environment.ts'

/** What the user has settled once for all runs. Environment and flags win over it, a list as a whole. */
export interface Settings {
  /** Of the file, whether it is there or not. */
  readonly path: string
  readonly values: Readonly<Record<string, string | number | boolean | string[]>>
}

export const noSettings: Settings = { path: '', values: {} }

/** Reads `config.json` in the configuration folder; without a file nothing is settled. Throws `usage` when it cannot be understood. */
export async function settingsOf(environment: Pick<Environment, 'env' | 'platform' | 'cwd'>): Promise<Settings> {
  const folder = configDirIfAny(environment)
  if (folder === undefined) return { path: fileName, values: {} }
  const path = join(folder, fileName)
  try {
    const { readFile } = await import('node:fs/promises')
    const written = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '')
    const [{ parse }, { settingValues }] = await Promise.all([import('valibot'), import('./settings-schema.ts')])
    return { path, values: parse(settingValues, JSON.parse(written)) }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR'))
      return { path, values: {} }
    const reason = cause instanceof SyntaxError || 'syscall' in Object(cause) ? ` (${(cause as Error).message})` : ''
    throw new SmugdlError('usage', {
      what: `The settings cannot be read${reason}`,
      item: path,
      next: 'It is a JSON object such as {"output": "/photos", "exporter": ["folder", "zip"], "concurrency": 4}',
      cause,
    })
  }
}

const fileName = 'config.json'
