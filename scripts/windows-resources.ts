import { NtExecutable, NtExecutableResource, Resource } from 'resedit'

const englishUnicode = { lang: 1033, codepage: 1200 }
const resourceType = { icon: 3, iconGroup: 14, manifest: 24 }
const longPaths = `  <application xmlns="urn:schemas-microsoft-com:asm.v3">
    <windowsSettings>
      <longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
    </windowsSettings>
  </application>
</assembly>`

/**
 * Node for Windows with our name and version where the Explorer shows them, without Node's icon, and with the manifest
 * line that allows paths beyond 260 characters. Node's own signature goes: the injection would break it anyway.
 */
export function withWindowsResources(node: Buffer, version: string): Buffer {
  const executable = NtExecutable.from(node, { ignoreCert: true })
  const resources = NtExecutableResource.from(executable)
  resources.entries = resources.entries.filter(
    ({ type }) => type !== resourceType.icon && type !== resourceType.iconGroup,
  )

  const [info] = Resource.VersionInfo.fromEntries(resources.entries)
  const manifest = resources.entries.find(({ type }) => type === resourceType.manifest)
  if (!info || !manifest) throw new Error('Node for Windows has no version resource or no manifest any more')
  info.setFileVersion(version)
  info.setProductVersion(version)
  info.setStringValues(englishUnicode, {
    CompanyName: 'smugdl',
    ProductName: 'smugdl',
    FileDescription: 'Brings a whole SmugMug account home',
    FileVersion: version,
    ProductVersion: version,
    OriginalFilename: 'smugdl.exe',
    InternalName: 'smugdl',
    LegalCopyright: 'smugdl and Node.js contributors. MIT license.',
  })
  info.outputToResourceEntries(resources.entries)
  const xml = Buffer.from(manifest.bin).toString()
  manifest.bin = Uint8Array.from(Buffer.from(xml.replace(/<\/assembly>\s*$/, longPaths))).buffer
  resources.outputResource(executable)
  return Buffer.from(executable.generate())
}
