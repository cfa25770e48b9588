// A Merkle tree in the shape of RFC 6962: one root for many texts, and a short path from any of them to it.
import type { Digest } from '../core/eventHash.ts'

// A leaf can never pass for a node: they begin differently. Hashes are base64url of one length, so two of them side by
// side split in one way only.
export const leafHash = (text: string, digest: Digest): string => digest(`\u0000${text}`)

const nodeHash = (left: string, right: string, digest: Digest): string => digest(`\u0001${left}${right}`)

type TreeBuilder = {
  readonly add: (hash: string) => void
  readonly size: () => number
  /** Of one hash or more. */
  readonly root: () => string
}

/** Takes hashes one by one and keeps one for each power of two in their number. */
export function treeBuilder(digest: Digest): TreeBuilder {
  const peaks: string[] = [] // the roots of complete subtrees, the largest first
  let size = 0
  return {
    add: (hash) => {
      size += 1
      let node = hash
      for (let rest = size; rest % 2 === 0; rest /= 2) node = nodeHash(peaks.pop()!, node, digest)
      peaks.push(node)
    },
    size: () => size,
    root: () => peaks.reduceRight((right, left) => nodeHash(left, right, digest)),
  }
}

export function rootOf(hashes: readonly string[], digest: Digest): string {
  const tree = treeBuilder(digest)
  for (const hash of hashes) tree.add(hash)
  return tree.root()
}

/** What must be hashed with the one at `index` to reach the root, from the leaf up. */
export function pathOf(hashes: readonly string[], index: number, digest: Digest): string[] {
  if (hashes.length === 1) return []
  const split = splitOf(hashes.length)
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)]
  return index < split
    ? [...pathOf(left, index, digest), rootOf(right, digest)]
    : [...pathOf(right, index - split, digest), rootOf(left, digest)]
}

/** The root that a path leads to; undefined when there is no such place in a tree of this size. */
export function rootFromPath(
  hash: string,
  { index, size, hashes }: Path,
  digest: Digest,
): string | undefined {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size)
    return undefined
  const sides = siblingSides(index, size)
  if (sides.length !== hashes.length) return undefined
  return hashes.reduce(
    (node, sibling, level) =>
      sides[level] === 'left' ? nodeHash(sibling, node, digest) : nodeHash(node, sibling, digest),
    hash,
  )
}

export type Path = {
  readonly index: number
  /** How many leaves the tree has. */
  readonly size: number
  /** From the leaf up. */
  readonly hashes: readonly string[]
}

/** On which side of the way up each sibling stands, from the leaf up. */
function siblingSides(index: number, size: number): ('left' | 'right')[] {
  if (size === 1) return []
  const split = splitOf(size)
  return index < split
    ? [...siblingSides(index, split), 'right']
    : [...siblingSides(index - split, size - split), 'left']
}

/** The largest power of two below a number. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}
