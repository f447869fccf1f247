/** The candidate that a user most likely meant by `word`: a few slips of the keyboard away, or beginning alike. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = word.toLowerCase()
  const allowed = Math.max(1, Math.floor(typed.length / 3))
  let best: { candidate: string; slips: number } | undefined
  for (const candidate of candidates) {
    const meant = candidate.toLowerCase()
    const slips = typed.length > 2 && meant.startsWith(typed) ? 0 : slipsBetween(typed, meant)
    if (slips <= allowed && (best === undefined || slips < best.slips)) best = { candidate, slips }
  }
  return best?.candidate
}

/** As a sentence to append: `Did you mean --album?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const candidate = nearest(word, candidates)
  return candidate === undefined ? '' : `Did you mean ${candidate}? `
}

/** Letters left out, added, replaced or swapped with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let slips = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      )
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1] && row > 1 && column > 1)
        slips = Math.min(slips, (before[column - 2] ?? 0) + 1)
      current.push(slips)
    }
    before = above
    above = current
  }
  return above[b.length] ?? 0
}
