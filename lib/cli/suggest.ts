import { distance } from '../check.js'

/** ": did you mean --port?", or nothing when no name is near. */
export function didYouMean(given: string, names: readonly string[], prefix = ''): string {
  const near = names
    .map(name => ({ name, far: distance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(1, Math.min(3, Math.floor(name.length / 2))))
    .sort((a, b) => a.far - b.far)[0]
  return near ? `: did you mean ${prefix}${near.name}?` : ''
}
