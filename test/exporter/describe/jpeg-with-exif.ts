/** The beginning of a JPEG whose EXIF holds a DateTimeOriginal, behind an APP0 segment and two other tags. */
export function jpegWithExif(
  date: string,
  { littleEndian = true, thumbnail }: { littleEndian?: boolean; thumbnail?: Buffer } = {},
): Buffer {
  const second = 8 + 2 + 2 * 12 + 4 + 2 + 12 + 4 + 20
  const tiff = Buffer.concat([Buffer.alloc(second + 2 + 2 * 12 + 4), thumbnail ?? Buffer.alloc(0)])
  const u16 = (value: number, at: number) =>
    littleEndian ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at)
  const u32 = (value: number, at: number) =>
    littleEndian ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at)
  tiff.write(littleEndian ? 'II' : 'MM', 0, 'latin1')
  u16(42, 2)
  u32(8, 4)
  u16(2, 8)
  u16(0x0112, 10) // Orientation
  u16(3, 12)
  u32(1, 14)
  u16(0x8769, 22) // the EXIF directory
  u16(4, 24)
  u32(1, 26)
  u32(38, 30)
  u32(thumbnail === undefined ? 0 : second, 34) // where the second directory is
  u16(1, 38)
  u16(0x9003, 40)
  u16(2, 42)
  u32(20, 44)
  u32(56, 48)
  u32(0, 52)
  tiff.write(date.slice(0, 19), 56, 'latin1')
  if (thumbnail !== undefined) {
    u16(2, second)
    for (const [index, [tag, value]] of [
      [0x0201, second + 30],
      [0x0202, thumbnail.length],
    ].entries()) {
      u16(tag ?? 0, second + 2 + 12 * index)
      u16(4, second + 4 + 12 * index)
      u32(1, second + 6 + 12 * index)
      u32(value ?? 0, second + 10 + 12 * index)
    }
  }
  const app0 = Buffer.from([0xff, 0xe0, 0, 7, 0x4a, 0x46, 0x49, 0x46, 0])
  const app1 = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 0]), Buffer.from('Exif\0\0', 'latin1'), tiff])
  app1.writeUInt16BE(app1.length - 2, 2)
  return Buffer.concat([Buffer.from([0xff, 0xd8]), app0, app1, Buffer.from([0xff, 0xda])])
}
