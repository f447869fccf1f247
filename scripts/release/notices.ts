import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A third-party part of an executable. */
export interface Notice {
  name: string
  version: string
  license: string
  text: string
}

/**
 * The notices of every npm package of which a line went into the bundle. `sources` are the files that it is made of,
 * which show that better than any list of dependencies; `root` is the folder that holds `node_modules`.
 */
export async function noticesOf(sources: Iterable<string>, root: string): Promise<Notice[]> {
  const folders = new Set<string>()
  for (const source of sources) {
    const folder = /(?:^|\/)(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1]
    if (folder !== undefined) folders.add(folder)
  }
  const notices = await Promise.all([...folders].map((folder) => noticeOf(join(root, folder))))
  const distinct = new Map(notices.map((notice) => [`${notice.name}@${notice.version}`, notice]))
  return [...distinct.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, notice]) => notice)
}

/** The text file that lies beside an executable. */
export function noticesText(notices: readonly Notice[]): string {
  const head =
    'smugdl contains the work of others. Here they are, with the terms under which they let everybody use it.\n'
  const parts = notices.map(({ name, version, license, text }) => {
    const title = `${name} ${version} (${license})`
    return `${'='.repeat(title.length)}\n${title}\n${'='.repeat(title.length)}\n\n${text.trim()}\n`
  })
  return [head, ...parts].join('\n')
}

async function noticeOf(folder: string): Promise<Notice> {
  const { name, version, license } = await packageIn(folder)
  const text = (await termsIn(folder)) ?? (await termsOfSibling(folder))
  if (text === undefined) throw new Error(`${name} ${version} has no license to pass on`)
  return { name, version, license, text }
}

async function packageIn(
  folder: string,
): Promise<{ name: string; version: string; license: string; repository?: { url?: string } }> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
}

/** Of another package of its scope that comes from the same repository under the same license: AWS forgot the file in some. */
async function termsOfSibling(folder: string): Promise<string | undefined> {
  const scope = dirname(folder)
  const { license, repository } = await packageIn(folder)
  if (!basename(scope).startsWith('@') || repository?.url === undefined) return undefined
  for (const name of (await readdir(scope)).sort()) {
    const sibling = await packageIn(join(scope, name))
    if (sibling.license !== license || sibling.repository?.url !== repository.url) continue
    const text = await termsIn(join(scope, name))
    if (text !== undefined) return text
  }
  return undefined
}

/** A file of their own, or a section at the end of the README. */
async function termsIn(folder: string): Promise<string | undefined> {
  const files = await readdir(folder)
  const license = files.find((file) => /^(licen[cs]e|copying)/i.test(file))
  if (license !== undefined) return readFile(join(folder, license), 'utf8')
  const readme = files.find((file) => /^readme/i.test(file))
  const text = readme === undefined ? '' : await readFile(join(folder, readme), 'utf8')
  return /^#+ *licen[cs]e\s+([^#].*)$/ims.exec(text)?.[1]
}
