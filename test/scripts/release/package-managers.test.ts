import { expect, test } from 'vitest'
import { homebrewFormula, scoopManifest, wingetManifests } from '../../../scripts/release/package-managers.ts'

const archives = {
  linuxX64: 'smugdl-1.2.3-linux-x64.tar.xz',
  linuxArm64: 'smugdl-1.2.3-linux-arm64.tar.xz',
  macosX64: 'smugdl-1.2.3-macos-x64.zip',
  macosArm64: 'smugdl-1.2.3-macos-arm64.zip',
  windowsX64: 'smugdl-1.2.3-windows-x64.zip',
}
const release = {
  version: '1.2.3',
  description: 'Brings it home',
  homepage: 'https://example.org/smugdl',
  urlOf: (archive: string) => `https://example.org/v1.2.3/${archive}`,
  sha256Of: (archive: string) => `sum-of-${archive}`,
}

test('Homebrew gets the sum of each archive right below its address', () => {
  const formula = homebrewFormula(release, archives)
  const pairs = [...formula.matchAll(/url "(.+)"\n\s+sha256 "(.+)"/g)].map(([, url, sum]) => [url, sum])
  const { windowsX64, ...others } = archives
  const expected = Object.values(others).map((archive) => [release.urlOf(archive), release.sha256Of(archive)])
  expect(new Set(pairs)).toEqual(new Set(expected))
})

test('Scoop finds the program in the folder of the archive, also in the next version', () => {
  const manifest = JSON.parse(scoopManifest(release, archives))
  expect(manifest.architecture['64bit']).toEqual({
    url: 'https://example.org/v1.2.3/smugdl-1.2.3-windows-x64.zip',
    hash: 'sum-of-smugdl-1.2.3-windows-x64.zip',
    extract_dir: 'smugdl-1.2.3-windows-x64',
  })
  expect(manifest.shortcuts).toEqual([['Start smugdl.cmd', 'smugdl']])
  expect(manifest.autoupdate.architecture['64bit'].url).toBe(
    'https://example.org/v$version/smugdl-$version-windows-x64.zip',
  )
})

test('winget gets three files of one package and version', () => {
  const files = wingetManifests(release, archives)
  expect(Object.keys(files)).toHaveLength(3)
  for (const text of Object.values(files)) {
    expect(text).toContain('PackageIdentifier: smugdl.smugdl\nPackageVersion: 1.2.3\n')
  }
  expect(files['smugdl.smugdl.installer.yaml']).toContain('InstallerSha256: SUM-OF-SMUGDL-1.2.3-WINDOWS-X64.ZIP')
})
