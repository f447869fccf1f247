import type { Result } from './bench.ts'

const colours: Record<string, string> = { curl: '#9aa5b1', aria2c: '#c3ccd5', floor: '#6b7fd7', smugdl: '#e07a3f' }
const [width, left, bar, gap] = [760, 150, 12, 18]

/** A picture of how long each program took in each case: bars as long as their times beside the slowest of the case. */
export function chart(results: readonly Result[]): string {
  let y = 34
  const parts: string[] = []
  for (const { name, rows } of results) {
    const longest = Math.max(...rows.map(({ seconds }) => seconds))
    parts.push(text(left - 12, y + (rows.length * bar) / 2 + 4, name, 'end'))
    for (const { program, seconds } of rows) {
      const length = Math.max(1, (seconds / longest) * (width - left - 70))
      parts.push(
        `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${bar - 2}" fill="${colours[program]}"/>`,
      )
      parts.push(text(left + length + 6, y + bar - 3, `${seconds.toFixed(1)} s`, 'start'))
      y += bar
    }
    y += gap
  }
  const legend = Object.entries(colours).map(
    ([program, colour], number) =>
      `<rect x="${left + number * 110}" y="8" width="10" height="10" fill="${colour}"/>${text(left + number * 110 + 16, 17, program, 'start')}`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" font-family="sans-serif" font-size="11">
<title>Seconds of curl, aria2c, a bare loop and smugdl for eight accounts</title><rect width="100%" height="100%" fill="#fff"/>${[...legend, ...parts].join('')}</svg>\n`
}

function text(x: number, y: number, words: string, anchor: 'start' | 'end'): string {
  return `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}" fill="#24292f">${words}</text>`
}
