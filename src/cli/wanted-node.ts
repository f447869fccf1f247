/** The oldest Node that runs this. */
const wanted = 26

/** Why this Node does not run smugdl; undefined if it does. An executable contains its own Node. */
export function whyNot(node: string): string | undefined {
  if (Number.parseInt(node, 10) >= wanted) return undefined
  return `smugdl: This file needs Node ${wanted} or later, and this is Node ${node}. The executables for download have it inside.\n`
}
