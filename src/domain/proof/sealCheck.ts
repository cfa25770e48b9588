// Checks seals: each one's signature, that it follows the one before, and that the events under it are the sealed ones.
import type { Digest } from '../core/eventHash.ts'
import { type Block, blocksRoot, dayTreeBuilder, type TreeEvent } from './dayTree.ts'
import type { Finding } from './finding.ts'
import { type CheckSignature, type Seal, type SignedSeal, sealText } from './seal.ts'

/** A seal as found in the log. */
export type FoundSeal = {
  readonly seal: SignedSeal
  readonly stream: string
  readonly version: number
  readonly position: string
}

/** The first seal that is not genuine, or does not follow the one before it. `publicKey`: whose signature counts. */
export function firstBadSeal(
  seals: readonly FoundSeal[],
  publicKey: string,
  checkSignature: CheckSignature,
): { readonly index: number; readonly finding: Finding } | undefined {
  for (const [index, { seal, ...place }] of seals.entries()) {
    const genuine = seal.publicKey === publicKey && checkSignature(publicKey, sealText(seal), seal.signature)
    const follows = isAfter(seal, seals[index - 1]?.seal)
    if (genuine && follows && place.stream === `seal-${seal.date}`) continue
    const problem = genuine && !follows ? 'seal_missing' : 'seal_invalid'
    return { index, finding: { problem, ...place, date: place.stream.replace(/^seal-/, '') } }
  }
  return undefined
}

const isAfter = ({ previous }: SignedSeal, before: SignedSeal | undefined): boolean =>
  previous?.date === before?.date &&
  previous?.root === before?.root &&
  previous?.lastPosition === before?.lastPosition

type SealChecker = {
  /** The next event of the log; gives what is wrong once the last event of a seal has come. */
  readonly add: (event: TreeEvent) => Finding | undefined
  /** Whether events of a seal have not come. */
  readonly open: () => boolean
}

/** `seals` are genuine and in order; `whole` reads one with its blocks, to say where a difference is. */
export function sealChecker(
  seals: readonly SignedSeal[],
  whole: (date: string) => Seal | undefined,
  digest: Digest,
): SealChecker {
  let next = 0
  let builder = dayTreeBuilder(digest)
  return {
    add: (event) => {
      const seal = seals[next]
      if (!seal) return undefined
      builder.add(event)
      if (event.position < seal.lastPosition) return undefined
      const tree = builder.tree()!
      next += 1
      builder = dayTreeBuilder(digest)
      const same = (['root', 'count', 'firstPosition', 'lastPosition'] as const).every(
        (name) => tree[name] === seal[name],
      )
      return same ? undefined : difference(seal, tree.blocks, whole(seal.date), digest)
    },
    open: () => next < seals.length,
  }
}

/** The first block that differs. A list of blocks is to be believed if it leads to the signed root. */
function difference(
  { date, root, firstPosition, lastPosition }: SignedSeal,
  found: readonly Block[],
  seal: Seal | undefined,
  digest: Digest,
): Finding {
  const blocks = seal && blocksRoot(seal.blocks, digest) === root ? seal.blocks : []
  const index = blocks.findIndex((block, at) => block.root !== found[at]?.root)
  const from = blocks[index - 1]?.lastPosition
  return {
    problem: 'sealed_events_differ',
    date,
    position: from ? after(from) : firstPosition,
    toPosition: blocks[index]?.lastPosition ?? lastPosition,
  }
}

/** Positions are numbers in text of one length. */
const after = (position: string): string => String(BigInt(position) + 1n).padStart(position.length, '0')
