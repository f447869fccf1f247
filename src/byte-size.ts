const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Decimal units as disks and SmugMug use them: `0 B`, `999 B`, `1.2 MB`, `340 GB`. */
export function bytes(n: number): string {
  let value = n
  let unit = 0
  // 999.5 would be rounded to `1000`.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}
