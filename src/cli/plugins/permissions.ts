import type { Grants } from '../../plugin-host/permissions.ts'

/** What a plugin may do, in words. */
export function permissionsIn({ all, net, run, read, write }: Grants): string[] {
  if (all) return ['everything']
  return [
    'a folder of its own',
    ...(net ? ['the network'] : []),
    ...(run ? ['starting programs'] : []),
    ...read.map((path) => `reading ${path}`),
    ...write.map((path) => `writing ${path}`),
  ]
}
