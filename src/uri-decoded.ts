/** What percent signs stand for; the text as it is where they are no UTF-8. */
export function uriDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
