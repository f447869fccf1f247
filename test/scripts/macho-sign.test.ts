import { describe, expect, test } from 'vitest'
import { readSignature, signAdHoc } from '../../scripts/macho-sign.ts'

// What real toolchains signed is recomputed in macho-sign.long.ts, because npm has to fetch it first.
describe('signAdHoc()', () => {
  test('signs every page, the last short one included', () => {
    const signed = signAdHoc(machO(), 'smugdl')
    const [directory] = readSignature(signed)
    expect(directory).toMatchObject({ identifier: 'smugdl', hash: 'sha256', pages: 3, wrong: [] })
    expect(signed.length).toBeGreaterThan(directory?.codeLimitBytes ?? Number.POSITIVE_INFINITY)
  })

  test('says which page changed afterwards', () => {
    const signed = signAdHoc(machO(), 'smugdl')
    signed.writeUInt8(signed.readUInt8(5000) ^ 1, 5000)
    expect(readSignature(signed)[0]?.wrong).toEqual(['1'])
  })

  test('replaces a signature by one of the same bytes', () => {
    const signed = signAdHoc(machO(), 'smugdl')
    expect(signAdHoc(signed, 'smugdl').equals(signed)).toBe(true)
  })

  test('makes __LINKEDIT end where the file ends', () => {
    const signed = signAdHoc(machO(), 'smugdl')
    const at = signed.indexOf('__LINKEDIT')
    expect(Number(signed.readBigUInt64LE(at + 32) + signed.readBigUInt64LE(at + 40))).toBe(signed.length)
  })

  test('refuses a header that has no room, and what is no Mach-O', () => {
    expect(() => signAdHoc(machO({ room: 8 }), 'smugdl')).toThrow('no room')
    expect(() => signAdHoc(Buffer.alloc(4096), 'smugdl')).toThrow('not a 64-bit Mach-O')
    expect(() => readSignature(machO())).toThrow('not signed')
  })
})

/** An unsigned arm64 program of two pages and a bit: header, __TEXT with one section, __LINKEDIT. */
function machO({ room = 64 } = {}): Buffer {
  const program = Buffer.alloc(2 * 4096 + 100, 0x5a)
  const commandsSize = 152 + 72
  const sectionAt = 32 + commandsSize + room
  program.fill(0, 0, sectionAt)
  for (const [index, word] of [0xfeedfacf, 0x0100000c, 0, 2, 2, commandsSize].entries()) {
    program.writeUInt32LE(word, index * 4)
  }
  writeSegment(program, 32, '__TEXT', { size: 152, fileOffset: 0, fileSize: 4096 })
  program.writeUInt32LE(1, 32 + 64) // one section, at file offset
  program.writeUInt32LE(sectionAt, 32 + 72 + 48)
  writeSegment(program, 32 + 152, '__LINKEDIT', { size: 72, fileOffset: 4096, fileSize: 4096 + 100 })
  return program
}

function writeSegment(
  program: Buffer,
  at: number,
  name: string,
  { size, fileOffset, fileSize }: { size: number; fileOffset: number; fileSize: number },
): void {
  program.writeUInt32LE(0x19, at)
  program.writeUInt32LE(size, at + 4)
  program.write(name, at + 8)
  program.writeBigUInt64LE(BigInt(fileOffset), at + 40)
  program.writeBigUInt64LE(BigInt(fileSize), at + 48)
}
