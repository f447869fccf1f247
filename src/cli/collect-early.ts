/**
 * Most of what a long run would hold is garbage that V8 lets lie: by its own measure it collects when the heap has doubled a few times. Growth by
 * half at most, and a nursery that stays as small as it begins. For whatever takes longer than help: loading `node:v8` has its price.
 */
export async function collectEarly(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--heap-growing-percent=50')
  setFlagsFromString('--semi-space-growth-factor=1')
}
