/** As one word of a POSIX shell, whatever is in it. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** As one word of the shell that people have on this system, with quotes only where it needs them. File names on Windows hold none. */
export function asWord(text: string, platform: string): string {
  const isPlain = platform === 'win32' ? /^[\w./+@:\\-]+$/ : /^[\w./+@:-]+$/
  if (isPlain.test(text)) return text
  return platform === 'win32' ? `"${text}"` : shellQuoted(text)
}
