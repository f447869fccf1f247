/** A promise of the program's: broken, it ends the history. */
export function claim(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new Error(`broken: ${promise}`)
}
