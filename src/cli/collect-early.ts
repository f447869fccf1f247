/**
 * Makes V8 collect garbage early. By default V8 waits until the heap has doubled a few times, so most memory of a long run would be garbage. This
 * limits growth to half and keeps the nursery at its initial size. Not for help, because loading `node:v8` takes time.
 */
export async function collectEarly(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--heap-growing-percent=50')
  setFlagsFromString('--semi-space-growth-factor=1')
}
