import { startCmdName } from './start-cmd.ts'

/** What the manifests say. `urlOf` and `sha256Of` take the name of an archive. */
export interface Release {
  version: string
  description: string
  homepage: string
  urlOf(archive: string): string
  sha256Of(archive: string): string
}

/** Names of archives and, without their ending, of the one folder in each. */
export interface Archives {
  linuxX64: string
  linuxArm64: string
  macosX64: string
  macosArm64: string
  windowsX64: string
}

/** `smugdl.rb`, see https://docs.brew.sh/Formula-Cookbook. */
export function homebrewFormula(release: Release, archives: Archives): string {
  const { version, description, homepage } = release
  const source = (archive: string) => `url "${release.urlOf(archive)}"
      sha256 "${release.sha256Of(archive)}"`
  return `class Smugdl < Formula
  desc "${description}"
  homepage "${homepage}"
  version "${version}"
  license "MIT"

  on_macos do
    on_arm do
      ${source(archives.macosArm64)}
    end
    on_intel do
      ${source(archives.macosX64)}
    end
  end

  on_linux do
    on_arm do
      ${source(archives.linuxArm64)}
    end
    on_intel do
      ${source(archives.linuxX64)}
    end
  end

  def install
    man1.install "smugdl.1"
    bash_completion.install "completions/smugdl.bash" => "smugdl"
    zsh_completion.install "completions/_smugdl"
    fish_completion.install "completions/smugdl.fish"
    libexec.install Dir["smugdl", "libatomic.so.1"]
    bin.install_symlink libexec/"smugdl"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/smugdl --version")
  end
end
`
}

/** `smugdl.json`, see https://github.com/ScoopInstaller/Scoop/wiki/App-Manifests. */
export function scoopManifest(release: Release, { windowsX64 }: Archives): string {
  const url = release.urlOf(windowsX64)
  const manifest = {
    version: release.version,
    description: release.description,
    homepage: release.homepage,
    license: 'MIT',
    architecture: {
      '64bit': { url, hash: release.sha256Of(windowsX64), extract_dir: folderOf(windowsX64) },
    },
    bin: 'smugdl.exe',
    shortcuts: [[startCmdName, 'smugdl']],
    checkver: 'github',
    autoupdate: {
      architecture: {
        '64bit': {
          url: url.replaceAll(release.version, '$version'),
          extract_dir: folderOf(windowsX64).replaceAll(release.version, '$version'),
        },
      },
    },
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/** The three files of a winget package by name, see https://learn.microsoft.com/windows/package-manager/package/manifest. */
export function wingetManifests(release: Release, { windowsX64 }: Archives): Record<string, string> {
  const id = 'smugdl.smugdl'
  const head = (
    type: string,
  ) => `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${type}.1.6.0.schema.json
PackageIdentifier: ${id}
PackageVersion: ${release.version}
`
  const foot = (type: string) => `ManifestType: ${type}
ManifestVersion: 1.6.0
`
  return {
    [`${id}.yaml`]: `${head('version')}DefaultLocale: en-US
${foot('version')}`,
    [`${id}.installer.yaml`]: `${head('installer')}InstallerType: zip
NestedInstallerType: portable
NestedInstallerFiles:
  - RelativeFilePath: ${folderOf(windowsX64)}\\smugdl.exe
    PortableCommandAlias: smugdl
Installers:
  - Architecture: x64
    InstallerUrl: ${release.urlOf(windowsX64)}
    InstallerSha256: ${release.sha256Of(windowsX64).toUpperCase()}
${foot('installer')}`,
    [`${id}.locale.en-US.yaml`]: `${head('defaultLocale')}PackageLocale: en-US
Publisher: smugdl
PackageName: smugdl
PackageUrl: ${release.homepage}
License: MIT
ShortDescription: ${release.description}
${foot('defaultLocale')}`,
  }
}

function folderOf(archive: string): string {
  return archive.replace(/\.(tar\.xz|zip)$/, '')
}
