/** The line, if there is anything to count. */
export function when(amount: number, line: string): string[] {
  return amount > 0 ? [line] : []
}
