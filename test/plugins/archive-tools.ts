import { spawnSync } from 'node:child_process'

export interface ArchiveTool {
  name: string
  /** Why it cannot be asked on this machine; undefined where it can. */
  missing: string | undefined
  /** Reads every entry; what it has against the archive. */
  problems(path: string): string | undefined
}

/** Other people's programs that must accept our archives. */
export const archiveTools: readonly ArchiveTool[] = [
  // Info-ZIP ends with 1 on an archive without entries, which is right all the same.
  tool(
    'unzip',
    ['-v'],
    (path) => ['-tq', path],
    (status, output) => status === 1 && /zipfile is empty/.test(output),
  ),
  tool('7z', ['i'], (path) => ['t', '-bd', path]),
  tool('bsdtar', ['--version'], (path) => ['-cf', '/dev/null', `@${path}`]),
  tool('python3', ['--version'], (path) => [
    '-c',
    'import sys, zipfile\nbad = zipfile.ZipFile(sys.argv[1]).testzip()\nsys.exit(bad)',
    path,
  ]),
]

function tool(
  name: string,
  asked: string[],
  args: (path: string) => string[],
  isFine: (status: number | null, output: string) => boolean = () => false,
): ArchiveTool {
  const { error } = spawnSync(name, asked, { stdio: 'ignore' })
  return {
    name,
    missing: error === undefined ? undefined : `${name} is not installed`,
    problems(path) {
      const { status, stdout, stderr } = spawnSync(name, args(path), {
        encoding: 'utf8',
        // bsdtar reads no name that the locale cannot spell.
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      })
      return status === 0 || isFine(status, stdout + stderr) ? undefined : `${name} ends with ${status}: ${stderr}`
    },
  }
}
