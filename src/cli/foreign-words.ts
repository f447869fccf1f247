import { statSync } from 'node:fs'
import { SmugdlError } from '../error.ts'
import { shellQuoted } from '../shell-quote.ts'

/** Commands of other programs, and what to write here instead. */
const words: Readonly<Record<string, string>> = {
  sync: 'smugdl alone does that: smugdl -o FOLDER',
  backup: 'smugdl alone does that: smugdl -o FOLDER',
  copy: 'smugdl alone does that: smugdl -o FOLDER',
  get: 'smugdl alone does that: smugdl -o FOLDER',
  list: 'That is smugdl albums; smugdl find looks for pictures',
  ls: 'That is smugdl albums; smugdl find looks for pictures',
  search: 'That is smugdl find',
  auth: 'That is smugdl login',
  config:
    'Settings are a file, config.json in the configuration folder: smugdl doctor says where. The login is kept by smugdl login',
  update: 'Install smugdl again, as the first time; your home stays as it is',
  upgrade: 'Install smugdl again, as the first time; your home stays as it is',
  'self-update': 'Install smugdl again, as the first time; your home stays as it is',
  version: 'That is smugdl --version',
  history: 'That is smugdl runs',
  log: 'That is smugdl runs; --log-file keeps all that is said',
  restore: 'Your home is plain files: copy them. smugdl verify --repair fetches what is missing or damaged',
  mirror: 'That is smugdl --mirror',
}

/** Advice for a word that is not a command but a command of another program, an address or a folder; undefined for any other. */
export function foreignWord(word: string): SmugdlError | undefined {
  const next = words[word.toLowerCase()] ?? foreignArgument(word)
  return next === undefined
    ? undefined
    : new SmugdlError('usage', { what: 'There is no such command', item: word, next })
}

/** The same for an argument in place of a flag: an address or a folder. A sentence without its full stop. */
export function foreignArgument(word: string): string | undefined {
  if (/^https?:\/\//i.test(word))
    return `smugdl brings the account home that is logged in. For this album or folder: smugdl --album ${quoted(word)}`
  const isThere = statSync(word, { throwIfNoEntry: false })?.isDirectory() === true
  if (!isThere && !/[\\/]|^\.{1,2}$|^~/.test(word)) return undefined
  const orAlbum =
    isThere || /^[./~\\]|^[A-Za-z]:/.test(word) ? '' : `. For an album of this name: smugdl --album ${quoted(word)}`
  return `To put everything there: smugdl -o ${quoted(word)}${orAlbum}`
}

function quoted(text: string): string {
  return /^[\w./~+@:-]+$/.test(text) ? text : shellQuoted(text)
}
