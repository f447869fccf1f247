/**
 * Equal for two names that are the same file on some file system we know of. Errs on the side of equal (the price is a suffix that was not
 * needed): case in every alphabet (NTFS, APFS, HFS+, SMB, ext4 with casefold), composed or not (APFS, HFS+), compatible characters
 * (ZFS with formKD), characters that HFS+ and ext4 with casefold skip, dots and spaces at the end, which Windows drops.
 */
export function clashKey(name: string): string {
  // Upper case last: it has one Σ for σ and ς, SS for ß, I for i and ı. Lower case before it, for ẞ, which is upper case already.
  return withoutEnd(name)
    .normalize('NFKD')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .toUpperCase()
    .normalize('NFKD')
}

/** By a loop: a pattern for the end of a text is tried at each place in it, and again for each character that follows. */
function withoutEnd(name: string): string {
  let end = name.length
  while (end > 0 && ' .'.includes(name.charAt(end - 1))) end -= 1
  return name.slice(0, end)
}
