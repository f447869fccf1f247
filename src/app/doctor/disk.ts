import { link, lstat, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isSystemError, isUnsupported } from '../../disk-error.ts'
import { freeBytes } from '../../engine/files/free-space.ts'
import { longestNameIn } from '../../engine/files/name-limit.ts'
import { isOtherDisk, setTime } from '../../engine/files/other-disk.ts'
import { bytes } from '../text/quantities.ts'
import { type Finding, failure, ok, warn } from './finding.ts'

/** What the output's disk can do, tried in a folder of a random name that is gone again, and what it means where it cannot. */
export async function* diskFindings(folder: string): AsyncGenerator<Finding> {
  let scratch: string
  try {
    scratch = await mkdtemp(join(folder, '.smugdl-doctor-'))
  } catch {
    // That it cannot be written to is said already.
    return
  }
  try {
    yield await renames(folder, scratch).catch((error) => odd('renames', error))
    for (const probe of [links, times, syncs, names, cases, forms]) {
      const trial = join(scratch, probe.name)
      await mkdir(trial)
      yield await probe(trial).catch((error) => odd(probe.name, error))
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** How much more goes onto the disk. */
export async function spaceFinding(folder: string): Promise<Finding> {
  const free = await freeBytes(folder)
  if (free === undefined)
    return warn(
      'space',
      'The disk does not report how much is free: a run begins all the same, and ends when it is full',
    )
  const says = `${bytes(free)} free at the output`
  if (free >= littleBytes) return ok('space', says)
  return warn('space', says, 'Free space, or name a folder on another disk with --output')
}

/** A large video takes more. */
const littleBytes = 5e9

async function links(trial: string): Promise<Finding> {
  const file = await made(join(trial, 'a'))
  try {
    await link(file, join(trial, 'b'))
    return ok('links', 'The disk knows hard links: nothing can be replaced by accident')
  } catch (error) {
    if (!isSystemError(error)) throw error
    return warn(
      'links',
      `The disk knows no hard links (${error.code}): files get their names by renaming, and folder.duplicates=hardlink makes copies`,
    )
  }
}

/** A pool may put two folders on two disks, and a folder may be another disk, mounted or by a link. */
async function renames(folder: string, scratch: string): Promise<Finding> {
  const file = await made(join(scratch, 'a'))
  const other = await mkdtemp(join(folder, '.smugdl-doctor-'))
  const means = 'smugdl copies between them, which takes longer and is as safe'
  try {
    await rename(file, join(other, 'a'))
  } catch (error) {
    if (!isOtherDisk(error)) throw error
    return warn('renames', `The folders here are several disks: ${means}`)
  } finally {
    await rm(other, { recursive: true, force: true })
  }
  const { dev } = await stat(folder)
  const elsewhere: string[] = []
  for (const name of await readdir(folder)) {
    const there = await stat(join(folder, name)).catch(() => undefined)
    if (there?.isDirectory() && there.dev !== dev) elsewhere.push(name)
  }
  if (elsewhere.length === 0) return ok('renames', 'Files move from folder to folder without being copied')
  return warn('renames', `On another disk than the folders around: ${elsewhere.join(', ')}; ${means}`)
}

async function times(trial: string): Promise<Finding> {
  const file = await made(join(trial, 'a'))
  const [now, old] = [Date.UTC(2019, 6, 3), Date.UTC(1961, 7, 13)]
  if (!(await setTime(file, now)) || Math.abs((await lstat(file)).mtimeMs - now) > stepMs)
    return warn(
      'times',
      'The disk does not store file times: files have the time of their download; the manifest has the right ones',
    )
  if (!(await setTime(file, old)) || Math.abs((await lstat(file)).mtimeMs - old) > stepMs)
    return warn('times', 'The disk does not store times before 1970 or 1980: older pictures get another one')
  return ok('times', 'Files keep the time at which a picture was taken')
}

/** FAT counts in steps of two seconds. */
const stepMs = 2000

async function syncs(trial: string): Promise<Finding> {
  await using file = await open(join(trial, 'a'), 'wx')
  try {
    await file.sync()
    return ok('syncs', 'What is recorded as safe survives a power cut')
  } catch (error) {
    if (!isUnsupported(error)) throw error
    return warn(
      'syncs',
      'The disk refuses to make files durable: a power cut may take or damage what came last',
      'Run smugdl verify after one; it finds what is damaged, and the next run fetches it again',
    )
  }
}

async function names(trial: string): Promise<Finding> {
  const limit = await longestNameIn(trial)
  if (limit >= 255) return ok('names', `Names may be ${limit} bytes long`)
  return warn(
    'names',
    `Names may be ${limit} bytes long (255 is usual): longer ones are shortened, the same way in every run`,
  )
}

async function cases(trial: string): Promise<Finding> {
  await made(join(trial, 'case'))
  const same = await lstat(join(trial, 'CASE')).catch(() => undefined)
  return ok(
    'case',
    same === undefined
      ? 'Names that differ by case are two files'
      : 'Names that differ by case are one file; smugdl never makes two of those',
  )
}

/** An accent may be one character or two; SmugMug's names come as one. */
async function forms(trial: string): Promise<Finding> {
  const name = 'é'.normalize('NFC')
  await made(join(trial, name))
  const [there] = await readdir(trial)
  if (there === name) return ok('accents', 'Names with accents stay as they are written')
  return ok('accents', 'The disk writes accents in another form; smugdl finds its files all the same')
}

async function made(path: string): Promise<string> {
  const file = await open(path, 'wx')
  await file.close()
  return path
}

function odd(check: string, error: unknown): Finding {
  if (isSystemError(error)) return warn(check, `The disk could not be tested (${error.code})`)
  return failure(check, error)
}
