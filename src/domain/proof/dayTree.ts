// The tree over the events of a day, built as they come by: its root, and the roots of the blocks it is made of.
import type { Digest } from '../core/eventHash.ts'
import type { Recorded } from '../core/eventStore.ts'
import { leafHash, rootOf, treeBuilder } from './merkle.ts'

/** What the tree holds of an event: its hash stands for the rest. */
export type TreeEvent = Pick<Recorded, 'position' | 'recordedAt' | 'hash'>

/** Events that follow one another, as one node of the tree: a proof, or a search for a change, reads one block only. */
export type Block = { readonly lastPosition: string; readonly root: string }

export type DayTree = {
  readonly firstPosition: string
  readonly lastPosition: string
  readonly count: number
  readonly root: string
  /** How many events each block but the last has: a power of two, so that blocks are nodes. */
  readonly blockSize: number
  readonly blocks: readonly Block[]
}

type DayTreeBuilder = {
  readonly add: (event: TreeEvent) => void
  /** Undefined of no events. */
  readonly tree: () => DayTree | undefined
}

const firstBlockSize = 1_024
/** Blocks of a day with more than a million events are twice as large, then four times: their list stays short. */
const blocksMax = 1_024

export const eventLeaf = ({ position, recordedAt, hash }: TreeEvent, digest: Digest): string =>
  leafHash(`${position}\n${recordedAt}\n${hash}`, digest)

export function dayTreeBuilder(digest: Digest, smallestBlock = firstBlockSize): DayTreeBuilder {
  let blocks: Block[] = []
  let blockSize = smallestBlock
  let open = treeBuilder(digest)
  let count = 0
  let firstPosition = ''
  let lastPosition = ''

  const openBlock = (): Block[] => (open.size() > 0 ? [{ lastPosition, root: open.root() }] : [])

  const add = (event: TreeEvent): void => {
    if (count === 0) firstPosition = event.position
    count += 1
    lastPosition = event.position
    open.add(eventLeaf(event, digest))
    if (open.size() < blockSize) return
    blocks.push(...openBlock())
    open = treeBuilder(digest)
    if (blocks.length < blocksMax) return
    blocks = inPairs(blocks, digest)
    blockSize *= 2
  }

  const tree = (): DayTree | undefined => {
    if (count === 0) return undefined
    const all = [...blocks, ...openBlock()]
    return { firstPosition, lastPosition, count, root: blocksRoot(all, digest), blockSize, blocks: all }
  }

  return { add, tree }
}

export const blocksRoot = (blocks: readonly Block[], digest: Digest): string =>
  rootOf(
    blocks.map(({ root }) => root),
    digest,
  )

const inPairs = (blocks: readonly Block[], digest: Digest): Block[] =>
  blocks.flatMap((left, index) => {
    const right = blocks[index + 1]
    return index % 2 === 0 && right
      ? [{ lastPosition: right.lastPosition, root: blocksRoot([left, right], digest) }]
      : []
  })
