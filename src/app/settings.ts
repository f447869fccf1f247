import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { SmugdlError } from '../error.ts'
import { configDirIfAny } from './config-dir.ts'
import type { Environment } from './environment.ts'

const Values = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value)),
  v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.array(v.string())])),
)

/** What the user has settled once for all runs. Environment and flags win over it, a list as a whole. */
export interface Settings {
  /** Of the file, whether it is there or not. */
  readonly path: string
  readonly values: v.InferOutput<typeof Values>
}

export const noSettings: Settings = { path: '', values: {} }

/** Reads `config.json` in the configuration folder; without a file nothing is settled. Throws `usage` when it cannot be understood. */
export async function settingsOf(environment: Pick<Environment, 'env' | 'platform' | 'cwd'>): Promise<Settings> {
  const folder = configDirIfAny(environment)
  if (folder === undefined) return { path: fileName, values: {} }
  const path = join(folder, fileName)
  try {
    return { path, values: v.parse(Values, JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''))) }
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
