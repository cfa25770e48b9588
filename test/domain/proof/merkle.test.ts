// The tree against the definition of RFC 6962, section 2.1, written down naively.
import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayTreeBuilder, eventLeaf, type TreeEvent } from '../../../src/domain/proof/dayTree.ts'
import { leafHash, pathOf, rootFromPath, rootOf } from '../../../src/domain/proof/merkle.ts'

const digest = (text: string): string => hash('sha256', text, 'base64url')

/** MTH(D[n]): split at the largest power of two smaller than n. */
function naiveRoot(hashes: readonly string[]): string {
  if (hashes.length === 1) return hashes[0]!
  let split = 1
  while (split * 2 < hashes.length) split *= 2
  return digest(`\u0001${naiveRoot(hashes.slice(0, split))}${naiveRoot(hashes.slice(split))}`)
}

const leaves = (size: number): string[] => Array.from({ length: size }, (_, index) => digest(`leaf ${index}`))
const sizes = Array.from({ length: 200 }, (_, index) => index + 1)

test('the root is the naive one, for every size from 1 to 200', () => {
  for (const size of sizes) expect(rootOf(leaves(size), digest)).toBe(naiveRoot(leaves(size)))
})

test('every leaf of every size leads to the root, and only as itself and from its own place', () => {
  for (const size of sizes) {
    const hashes = leaves(size)
    const root = rootOf(hashes, digest)
    for (const [index, leaf] of hashes.entries()) {
      const path = { index, size, hashes: pathOf(hashes, index, digest) }
      expect(rootFromPath(leaf, path, digest)).toBe(root)
      expect(rootFromPath(digest('another leaf'), path, digest)).not.toBe(root)
      const neighbor = (index + 1) % size
      if (size > 1) expect(rootFromPath(leaf, { ...path, index: neighbor }, digest)).not.toBe(root)
    }
  }
})

test('a path that is changed, cut or prolonged leads nowhere', () => {
  const place = fc
    .integer({ min: 2, max: 200 })
    .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1), fc.nat()))
  fc.assert(
    fc.property(place, ([size, index, chosen]) => {
      const all = leaves(size)
      const root = rootOf(all, digest)
      const hashes = pathOf(all, index, digest)
      const leadsToRoot = (changed: readonly string[]) =>
        rootFromPath(all[index]!, { index, size, hashes: changed }, digest) === root
      expect(leadsToRoot(hashes)).toBe(true)
      expect(leadsToRoot(hashes.with(chosen % hashes.length, digest('other')))).toBe(false)
      expect(leadsToRoot(hashes.slice(1))).toBe(false)
      expect(leadsToRoot(hashes.slice(0, -1))).toBe(false)
      expect(leadsToRoot([...hashes, digest('more')])).toBe(false)
    }),
  )
})

test.each([
  [-1, 3],
  [3, 3],
  [0, 0],
  [0.5, 3],
  [0, Number.NaN],
  [0, Number.POSITIVE_INFINITY],
])('there is no place %d in a tree of %d', (index, size) => {
  expect(rootFromPath(digest('leaf'), { index, size, hashes: [] }, digest)).toBeUndefined()
})

test('a node cannot pass for a leaf', () => {
  const [left, right] = [leafHash('a', digest), leafHash('b', digest)]
  expect(leafHash(left + right, digest)).not.toBe(rootOf([left, right], digest))
})

describe('the tree of a day', () => {
  const event = (number: number): TreeEvent => ({
    position: String(number).padStart(16, '0'),
    recordedAt: '2026-11-22T03:00:00.000Z',
    hash: digest(`event ${number}`),
  })
  const eventsOf = (count: number) => Array.from({ length: count }, (_, index) => event(index + 1))
  const treeOf = (events: readonly TreeEvent[], smallestBlock: number) => {
    const builder = dayTreeBuilder(digest, smallestBlock)
    for (const each of events) builder.add(each)
    return builder.tree()
  }

  test('is the same whatever its blocks', () => {
    for (const count of [1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 65, 200]) {
      const events = eventsOf(count)
      const root = naiveRoot(events.map((each) => eventLeaf(each, digest)))
      for (const smallest of [1, 2, 8, 1_024]) {
        const tree = treeOf(events, smallest)!
        expect(tree).toMatchObject({ root, count, firstPosition: event(1).position })
        expect(tree.lastPosition).toBe(event(count).position)
        expect(tree.blocks).toHaveLength(Math.ceil(count / tree.blockSize))
      }
    }
  })

  test('doubles its blocks where there are too many, and stays the same tree', () => {
    const events = eventsOf(2_500)
    const tree = treeOf(events, 1)!
    expect(tree.blockSize).toBe(4)
    expect(tree.blocks).toHaveLength(625)
    expect(tree.root).toBe(naiveRoot(events.map((each) => eventLeaf(each, digest))))
    for (const [index, block] of tree.blocks.entries()) {
      const own = events.slice(index * 4, index * 4 + 4)
      expect(block.root).toBe(naiveRoot(own.map((each) => eventLeaf(each, digest))))
      expect(block.lastPosition).toBe(own.at(-1)!.position)
    }
  })

  test('is none without events', () => {
    expect(treeOf([], 1)).toBeUndefined()
  })
})
