/**
 * Makes V8 collect garbage early. By default V8 waits until the heap has doubled a few times, so most memory of a long run would be garbage. This
 * limits growth to half and keeps the nursery at its initial size. Called once everything is loaded, because V8 takes compiled code, ours and
 * Node's own, only with the flags with which it was compiled; and before the first collection, which sets the limit for the next one.
 */
export function collectEarly(): void {
  if (isDone) return
  isDone = true
  // Not imported: loading it takes time, which help does not have.
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  setFlagsFromString('--heap-growing-percent=50')
  setFlagsFromString('--semi-space-growth-factor=1')
}

let isDone = false
