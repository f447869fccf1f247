import { hash as hashOf } from 'node:crypto'

/*
 * macOS on arm64 kills a program without a valid signature, and the injection of our code breaks Node's. An ad-hoc
 * signature names no signer: it is a list of the hashes of all pages, which the kernel compares as it loads them.
 *
 * Sources: <mach-o/loader.h> for the load commands, <kern/cs_blobs.h> (XNU) for the signature. Load commands are
 * little-endian, signatures big-endian.
 */

const pageBits = 12
const pageSize = 1 << pageBits
const hashSize = 32
const codeDirectorySize = 88

/**
 * The 64-bit Mach-O program with an ad-hoc signature in place of the one it had, if any: one CodeDirectory of SHA-256
 * hashes, the same that Apple's, LLVM's and Go's linkers write.
 */
export function signAdHoc(program: Buffer, identifier: string): Buffer {
  const unsigned = withoutSignature(program)
  const { commands, linkEdit, text } = layoutOf(unsigned)
  const codeLimit = align(unsigned.length, 16)
  const pages = Math.ceil(codeLimit / pageSize)
  const hashOffset = codeDirectorySize + Buffer.byteLength(identifier) + 1
  const signatureSize = superBlobHeader(1) + hashOffset + pages * hashSize

  const signed = Buffer.alloc(codeLimit + signatureSize)
  unsigned.copy(signed)
  const room = firstSectionOf(unsigned, commands) - commands.end
  if (room < 16) throw new Error('the Mach-O header has no room for the command that points to the signature')
  signed.writeUInt32LE(commands.count + 1, 16)
  signed.writeUInt32LE(commands.end - machHeaderSize + 16, 20)
  for (const [index, word] of [loadCommand.codeSignature, 16, codeLimit, signatureSize].entries()) {
    signed.writeUInt32LE(word, commands.end + index * 4)
  }
  const linkEditSize = signed.length - Number(signed.readBigUInt64LE(linkEdit + segment.fileOffset))
  signed.writeBigUInt64LE(BigInt(linkEditSize), linkEdit + segment.fileSize)
  if (signed.readBigUInt64LE(linkEdit + segment.memorySize) < linkEditSize) {
    signed.writeBigUInt64LE(BigInt(align(linkEditSize, segmentAlignment(signed))), linkEdit + segment.memorySize)
  }

  const superBlob = signed.subarray(codeLimit)
  writeWords(superBlob, [magic.superBlob, signatureSize, 1])
  writeWords(superBlob.subarray(12), [slot.codeDirectory, superBlobHeader(1)])
  const directory = superBlob.subarray(superBlobHeader(1))
  const version = 0x20400 // the first that describes the executable segment
  const flags = 0x2 | 0x20000 // ad-hoc, and made by a linker: codesign replaces such a signature without --force
  writeWords(directory, [magic.codeDirectory, hashOffset + pages * hashSize, version, flags])
  writeWords(directory.subarray(16), [hashOffset, codeDirectorySize, 0, pages, codeLimit])
  directory.set([hashSize, hashType.sha256, 0, pageBits], 36)
  directory.writeBigUInt64BE(signed.readBigUInt64LE(text + segment.fileOffset), 64)
  directory.writeBigUInt64BE(signed.readBigUInt64LE(text + segment.fileSize), 72)
  directory.writeBigUInt64BE(1n, 80) // the segment of a main program
  directory.write(identifier, codeDirectorySize)
  for (let page = 0; page < pages; page++) {
    hashOfPage(signed, page, codeLimit, pageBits, 'sha256').copy(directory, hashOffset + page * hashSize)
  }
  return signed
}

export type CodeDirectory = {
  identifier: string
  flags: number
  version: number
  pages: number
  codeLimitBytes: number
  hash: 'sha1' | 'sha256'
  /** What does not have the hash that the signature says: page numbers, or `blob N` for requirements and entitlements. */
  wrong: string[]
}

/** Every CodeDirectory of a signed Mach-O program, with all its hashes recomputed. Throws if there is no signature. */
export function readSignature(program: Buffer): CodeDirectory[] {
  const { signature } = layoutOf(program)
  if (signature === undefined) throw new Error('not signed')
  const superBlob = program.subarray(program.readUInt32LE(signature + 8))
  if (superBlob.readUInt32BE(0) !== magic.superBlob) throw new Error('what should be a signature is none')
  const blobs = new Map<number, Buffer>()
  for (let index = 0; index < superBlob.readUInt32BE(8); index++) {
    const blob = superBlob.subarray(superBlob.readUInt32BE(16 + index * 8))
    blobs.set(superBlob.readUInt32BE(12 + index * 8), blob.subarray(0, blob.readUInt32BE(4)))
  }
  return [...blobs.values()]
    .filter((blob) => blob.readUInt32BE(0) === magic.codeDirectory)
    .map((directory) => readCodeDirectory(program, directory, blobs))
}

function readCodeDirectory(program: Buffer, directory: Buffer, blobs: ReadonlyMap<number, Buffer>): CodeDirectory {
  const size = directory.readUInt8(36)
  const hash = directory.readUInt8(37) === hashType.sha256 ? 'sha256' : 'sha1'
  const bits = directory.readUInt8(39)
  const hashOffset = directory.readUInt32BE(16)
  const pages = directory.readUInt32BE(28)
  const codeLimitBytes = directory.readUInt32BE(32)
  const hashAt = (index: number) => directory.subarray(hashOffset + index * size, hashOffset + (index + 1) * size)
  const wrong: string[] = []
  for (let page = 0; page < pages; page++) {
    if (!hashOfPage(program, page, codeLimitBytes, bits, hash).equals(hashAt(page))) wrong.push(`${page}`)
  }
  // Before the hashes of the pages come, backwards, those of the other blobs; zeros stand for one that is absent.
  for (let special = 1; special <= directory.readUInt32BE(24); special++) {
    const blob = blobs.get(special)
    const expected = blob ? hashOf(hash, blob, 'buffer') : Buffer.alloc(size)
    if (!expected.equals(hashAt(-special))) wrong.push(`blob ${special}`)
  }
  const identifierAt = directory.readUInt32BE(20)
  return {
    identifier: directory.toString('utf8', identifierAt, directory.indexOf(0, identifierAt)),
    flags: directory.readUInt32BE(12),
    version: directory.readUInt32BE(8),
    pages,
    codeLimitBytes,
    hash,
    wrong,
  }
}

const machHeaderSize = 32
const loadCommand = { segment64: 0x19, codeSignature: 0x1d }
/** Offsets within LC_SEGMENT_64. */
const segment = { name: 8, memorySize: 32, fileOffset: 40, fileSize: 48, sectionCount: 64, sections: 72 }
const sectionSize = 80
const sectionOffset = 48
const cpuArm64 = 0x0100000c
const magic = { machO64: 0xfeedfacf, superBlob: 0xfade0cc0, codeDirectory: 0xfade0c02 }
const slot = { codeDirectory: 0 }
const hashType = { sha256: 2 }

type Layout = {
  commands: { count: number; end: number }
  /** Where these load commands are in the file. */
  text: number
  linkEdit: number
  signature: number | undefined
}

function layoutOf(program: Buffer): Layout {
  if (program.readUInt32LE(0) !== magic.machO64) throw new Error('not a 64-bit Mach-O file')
  const segments = new Map<string, number>()
  let signature: number | undefined
  for (const at of commandsOf(program)) {
    const command = program.readUInt32LE(at)
    if (command === loadCommand.segment64) segments.set(nameOfSegment(program, at), at)
    if (command === loadCommand.codeSignature) signature = at
  }
  const text = segments.get('__TEXT')
  const linkEdit = segments.get('__LINKEDIT')
  if (text === undefined || linkEdit === undefined) throw new Error('a Mach-O file without __TEXT or __LINKEDIT')
  const commands = { count: program.readUInt32LE(16), end: machHeaderSize + program.readUInt32LE(20) }
  return { commands, text, linkEdit, signature }
}

function* commandsOf(program: Buffer): Generator<number> {
  let at = machHeaderSize
  for (let index = 0; index < program.readUInt32LE(16); index++) {
    yield at
    at += program.readUInt32LE(at + 4)
  }
}

function nameOfSegment(program: Buffer, at: number): string {
  return program.toString('latin1', at + segment.name, at + segment.name + 16).replace(/\0+$/, '')
}

/** The signature is the last thing in the file, and its command the last command, wherever a toolchain signed. */
function withoutSignature(program: Buffer): Buffer {
  const { commands, signature } = layoutOf(program)
  if (signature === undefined) return program
  if (signature + 16 !== commands.end) throw new Error('the signature is not the last load command')
  const unsigned = Buffer.from(program.subarray(0, program.readUInt32LE(signature + 8)))
  unsigned.fill(0, signature, signature + 16)
  unsigned.writeUInt32LE(commands.count - 1, 16)
  unsigned.writeUInt32LE(commands.end - machHeaderSize - 16, 20)
  return unsigned
}

/** Where the load commands must have ended: the file offset of the first section that has bytes in the file. */
function firstSectionOf(program: Buffer, commands: Layout['commands']): number {
  const offsets: number[] = []
  for (const at of commandsOf(program)) {
    if (program.readUInt32LE(at) !== loadCommand.segment64) continue
    for (let index = 0; index < program.readUInt32LE(at + segment.sectionCount); index++) {
      offsets.push(program.readUInt32LE(at + segment.sections + index * sectionSize + sectionOffset))
    }
  }
  return Math.min(...offsets.filter((offset) => offset >= commands.end))
}

/** Segments begin on a page of the processor's. */
function segmentAlignment(program: Buffer): number {
  return program.readUInt32LE(4) === cpuArm64 ? 16384 : 4096
}

function hashOfPage(program: Buffer, page: number, codeLimit: number, bits: number, hash: 'sha1' | 'sha256'): Buffer {
  return hashOf(hash, program.subarray(page << bits, Math.min((page + 1) << bits, codeLimit)), 'buffer')
}

function superBlobHeader(blobs: number): number {
  return 12 + blobs * 8
}

function writeWords(at: Buffer, words: readonly number[]): void {
  for (const [index, word] of words.entries()) at.writeUInt32BE(word, index * 4)
}

function align(size: number, step: number): number {
  return Math.ceil(size / step) * step
}
