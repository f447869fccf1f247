import { statSync } from 'node:fs'
import { SmugdlError } from '../error.ts'
import { shellQuoted } from '../shell-quote.ts'
import { uriDecoded } from '../uri-decoded.ts'

/** What other programs call it, and what to write here. */
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
    'There is none to edit: smugdl login keeps the login, flags and SMUGDL_ variables say the rest, smugdl doctor shows what holds',
  update: 'Install smugdl again, as the first time; your home stays as it is',
  upgrade: 'Install smugdl again, as the first time; your home stays as it is',
  'self-update': 'Install smugdl again, as the first time; your home stays as it is',
  version: 'That is smugdl --version',
  history: 'That is smugdl runs',
  log: 'That is smugdl runs; --log-file keeps all that is said',
  restore: 'Your home is plain files: copy them. smugdl verify --repair fetches what is missing or damaged',
  mirror: 'That is smugdl --mirror',
}

/** What to do instead, where a word that is no command is one of another program, an address, or a folder; undefined where it is none. */
export function foreignWord(word: string): SmugdlError | undefined {
  const said = words[word.toLowerCase()]
  if (said !== undefined) return notHere(word, said)
  if (/^https?:\/\//i.test(word)) return notHere(word, addressed(word))
  if (isFolder(word)) return notHere(word, `To put everything there: smugdl -o ${quoted(word)}`)
  return undefined
}

function notHere(word: string, next: string): SmugdlError {
  return new SmugdlError('usage', { what: 'There is no such command', item: word, next })
}

/** The folders of an address on SmugMug are often named as those of the account, with hyphens. */
function addressed(word: string): string {
  const path = uriDecoded(URL.parse(word)?.pathname ?? '')
    .split('/')
    .filter((part) => part !== '')
    .join('/')
    .replace(/\/[in]-\w.*/s, '')
    .replaceAll('-', '?')
  const example =
    path === ''
      ? ''
      : `. For this place: smugdl --album ${quoted(`${path}/**`)} or, if it is an album, --album ${quoted(path)}`
  return `smugdl takes no addresses: it brings the account home that is logged in${example}`
}

function isFolder(word: string): boolean {
  return /[\\/]|^\.{1,2}$|^~/.test(word) || statSync(word, { throwIfNoEntry: false })?.isDirectory() === true
}

function quoted(text: string): string {
  return /^[\w./~+@:-]+$/.test(text) ? text : shellQuoted(text)
}
