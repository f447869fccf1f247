import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { lutimes, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

/**
 * Packs `folder`, its own name included, into `archive`: `.tar.xz` or `.zip`. Order, owners and times are fixed, so that the
 * same files make the same bytes. Needs GNU tar and xz, or Info-ZIP.
 */
export async function makeArchive(folder: string, archive: string, date: Date): Promise<void> {
  await rm(archive, { force: true })
  if (archive.endsWith('.zip')) await zip(folder, archive, date)
  else await tarXz(folder, archive, date)
}

async function tarXz(folder: string, archive: string, date: Date): Promise<void> {
  const fixed = [
    '--sort=name',
    '--format=gnu',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    `--mtime=${date.toISOString()}`,
  ]
  const tar = spawn('tar', [...fixed, '-C', dirname(folder), '-c', basename(folder)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const xz = spawn('xz', ['-9', '--threads=1'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = [tar, xz].map((child) => once(child, 'exit'))
  await Promise.all([pipeline(tar.stdout, xz.stdin), pipeline(xz.stdout, createWriteStream(archive))])
  const codes = (await Promise.all(ended)).map(([code]) => code)
  if (codes.some((code) => code !== 0))
    throw new Error(`${archive} could not be written: tar and xz ended with ${codes.join(' and ')}`)
}

async function zip(folder: string, archive: string, date: Date): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.map((entry) => join(entry.parentPath, entry.name))
  for (const path of [folder, ...paths]) await lutimes(path, date, date)
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const relative = names.map((name) => name.slice(dirname(folder).length + 1)).sort()
  // ZIP keeps local times; -X leaves out owners and the time of the last reading.
  const env = { ...process.env, TZ: 'UTC' }
  await promisify(execFile)('zip', ['-9', '-X', '-q', archive, ...relative], { cwd: dirname(folder), env })
}
