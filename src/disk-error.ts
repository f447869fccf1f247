import { accessSync, constants, existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { SmugdlError } from './error.ts'

/**
 * What a failed file operation means, decided here and nowhere else: `destination`; anything else comes back as it is. `place` is named
 * where the system names no path, as for a file that is open already.
 */
export function diskError(error: unknown, place?: string): unknown {
  return asDiskError(error, 'destination', place)
}

/**
 * As `diskError`, for work on one file of many in `place`: `item` where the next one may well succeed, as where one folder in the output is
 * not ours to write to, or is another disk.
 */
export function fileError(error: unknown, place?: string): unknown {
  return asDiskError(error, 'item', place)
}

/** Whether a file system answered that it cannot do this at all, to anything. */
export function isUnsupported(error: unknown): boolean {
  return isSystemError(error) && unsupported.has(String(error.code))
}

const unsupported = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/** Whether it is a disk's that is write-protected, or a folder's that is not ours to write to. */
export function canOnlyBeRead(error: unknown): boolean {
  const cause = error instanceof SmugdlError ? error.cause : error
  return isSystemError(cause) && ['EROFS', 'EACCES', 'EPERM'].includes(String(cause.code))
}

/** What `act` does to the files at `path`, without which nothing goes on: whatever fails is a `destination` error. */
export function onDisk<T>(path: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    if (!isSystemError(cause)) throw cause
    const { what, next } = sentenceFor(cause) ?? unforeseen(cause)
    throw new SmugdlError('destination', { what, next, item: cause.path ?? path, cause })
  }
}

/** Where an operation has two paths, `dest` is the second. */
type SystemError = NodeJS.ErrnoException & { dest?: string }

export function isSystemError(error: unknown, code?: string): error is SystemError {
  return (
    error instanceof Error && 'syscall' in error && (code === undefined || ('code' in error && error.code === code))
  )
}

function asDiskError(error: unknown, kindOfOneFile: 'item' | 'destination', place: string | undefined): unknown {
  if (!isSystemError(error)) return error
  const sentence = sentenceFor(error)
  if (sentence === undefined) return error
  const { what, next, isOfOneFile } = sentence
  const culprit = culpritOf(error)
  const isOfOne = isOfOneFile ?? (place !== undefined && culprit !== undefined && isOnePlace(culprit, error, place))
  return new SmugdlError(isOfOne ? kindOfOneFile : 'destination', {
    what,
    next,
    item: culprit ?? error.dest ?? error.path ?? place,
    cause: error,
  })
}

/**
 * Of two paths the one where something was to be: staging, and all that is smugdl's own, has just been written to. Undefined for that
 * alone. What is only read needs no room, so a full disk is never that of the first of two.
 */
function culpritOf({ code, path, dest }: SystemError): string | undefined {
  const isFull = code === 'ENOSPC' || code === 'EDQUOT'
  return (isFull ? [dest ?? path] : [dest, path]).find(
    (one) => typeof one === 'string' && !/[\\/]\.smugdl(?:[\\/]|$)/.test(one),
  )
}

/** Whether the output as a whole can be used, and only this place in it cannot. */
function isOnePlace(culprit: string, { code }: NodeJS.ErrnoException, output: string): boolean {
  const folder = dirname(culprit)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return folder !== output || isWritable(output)
  const [here, there] = [deviceOf(output), deviceOf(folder)]
  return here !== undefined && there !== undefined && here !== there
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function deviceOf(folder: string): number | undefined {
  try {
    return statSync(folder).dev
  } catch {
    return undefined
  }
}

/** Why the system did not take what was to be written at `path`, a sentence without its full stop; undefined where it says nothing that people understand. */
export function reasonOf(error: unknown, path: string): string | undefined {
  if (!isSystemError(error)) return undefined
  if (error.code === 'ENOENT') return existsSync(dirname(path)) ? `The ${takesNothing}` : undefined
  return sentences[String(error.code)]?.what
}

const takesNothing = 'system itself keeps what is there, and takes nothing new'

interface Sentence {
  what: string
  next: string
  /** The next file may well succeed. */
  isOfOneFile?: true
}

function sentenceFor({ code, syscall, path }: NodeJS.ErrnoException): Sentence | undefined {
  if (syscall === 'mkdir' && (code === 'EEXIST' || code === 'ENOTDIR')) return fileInTheWay
  if (syscall === 'mkdir' && code === 'ENOENT') return whyNoFolder(path)
  const output = code === 'ENOENT' ? outputOfStaged(path) : undefined
  // Staging is ours for as long as the run lasts: it went with its disk, or somebody took it away.
  if (output !== undefined) return existsSync(output) ? stagingRemoved : vanished
  return sentences[String(code)]
}

/**
 * A folder is made with those around it, so none is missing: Node says so for whatever it does not know, such as EROFS, EIO and EDQUOT. The
 * system says it of the outermost folder that is not there, when that is made alone.
 */
function whyNoFolder(path: string | undefined): Sentence {
  if (path === undefined) return noFolder
  let missing = path
  while (dirname(missing) !== missing && !existsSync(dirname(missing))) missing = dirname(missing)
  try {
    mkdirSync(missing)
    rmdirSync(missing)
    return noFolder
  } catch (error) {
    if (!isSystemError(error)) return noFolder
    return error.code === 'ENOENT' ? noPlaceForFiles : (sentences[String(error.code)] ?? noFolder)
  }
}

/** The output in whose staging a path is. */
function outputOfStaged(path: string | undefined): string | undefined {
  return path?.match(/^(.*)[\\/]\.smugdl[\\/]staging[\\/]/s)?.[1]
}

const stagingRemoved: Sentence = {
  what: "smugdl's own folder in the output (.smugdl), or a part of it, was removed while smugdl ran",
  next: 'Run again, and leave that folder alone; the pictures at home were not touched',
}
const vanished: Sentence = {
  what: 'The destination is no longer there',
  next: 'Connect the disk again and run again; nothing is lost',
}
const forbidden: Sentence = {
  what: 'The system does not permit it',
  next: 'Check the rights of the folder or choose another with --output',
}
const noFolder: Sentence = {
  what: 'The folder cannot be made',
  next: 'Check that its disk is connected, writable, in order and has room, or choose another folder with --output',
}
const noPlaceForFiles: Sentence = {
  what: `The folder cannot be made: the ${takesNothing}`,
  next: 'Choose another folder with --output',
}
const fileInTheWay: Sentence = {
  what: 'A file stands where a folder is needed',
  next: 'Move the file away and run again; it was not touched',
  isOfOneFile: true,
}
function unforeseen({ message }: NodeJS.ErrnoException): Sentence {
  return {
    what: `The output folder cannot be used (${message})`,
    next: 'Check that it exists, that you may write to it and that the disk has room',
  }
}

const sentences: Readonly<Record<string, Sentence>> = {
  ENOSPC: { what: 'The disk is full', next: 'Free space and run again; nothing is lost' },
  EDQUOT: { what: 'Your quota on this disk is used up', next: 'Free space and run again; nothing is lost' },
  EROFS: { what: 'The disk can only be read', next: 'Make it writable or choose another with --output' },
  EACCES: forbidden,
  EPERM: forbidden,
  EIO: { what: 'The disk reports an error', next: 'Check the disk, then run again; nothing that was recorded is lost' },
  EFBIG: {
    what: 'The file is larger than this disk can hold (a FAT32 disk: 4 GB)',
    next: 'Choose a disk with another file system with --output, or reformat this one as exFAT',
    isOfOneFile: true,
  },
  ENAMETOOLONG: {
    what: 'The name is longer than this disk takes',
    next: 'Give it a shorter name on SmugMug, or choose another disk with --output',
    isOfOneFile: true,
  },
  ENOTCONN: vanished,
  ESTALE: vanished,
  ENODEV: vanished,
  ENXIO: vanished,
  EMFILE: { what: 'The system allows no more open files', next: 'Raise the limit (ulimit -n) or lower --concurrency' },
  ENFILE: { what: 'The system allows no more open files', next: 'Close other programs or lower --concurrency' },
}
