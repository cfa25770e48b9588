// The proof that an event is in the log: its place in the sealed tree of its day, checked without the log.
import { chainStart, type Digest, eventHash, type HashedEvent } from '../core/eventHash.ts'
import type { EventStore, Recorded } from '../core/eventStore.ts'
import { eventLeaf, type TreeEvent } from './dayTree.ts'
import { type Path, pathOf, rootFromPath } from './merkle.ts'
import { type CheckSignature, type Seal, type SignedSeal, sealText, signedPart } from './seal.ts'

/** What a verifier needs to make the event's hash itself, and the leaf of it. */
type ProvenEvent = HashedEvent & {
  readonly position: string
  /** The hash of the event before it in the stream, '' for the first. */
  readonly previousHash: string
}
export type InclusionProof = {
  readonly event: ProvenEvent
  readonly path: Path
  readonly seal: SignedSeal
}

type ProofPorts = { readonly readAll: EventStore['readAll']; readonly digest: Digest }
export type ProofFault = 'path_differs' | 'signature_invalid' | 'key_differs'

const batch = 500

/** `stream` is the event's stream from its start; the seal's tree must hold the event. */
export async function inclusionProof(
  event: Recorded,
  stream: readonly Recorded[],
  seal: Seal,
  { readAll, digest }: ProofPorts,
): Promise<InclusionProof> {
  const { blocks, blockSize } = seal
  const number = blocks.findIndex(({ lastPosition }) => lastPosition >= event.position)
  const after = blocks[number - 1]?.lastPosition ?? seal.previous?.lastPosition ?? ''
  const found = await readAfter(after, blocks[number]!.lastPosition, readAll)
  const own = found.findIndex(({ position }) => position === event.position)
  const leaves = found.map((each) => eventLeaf(each, digest))
  const roots = blocks.map(({ root }) => root)
  const hashes = [...pathOf(leaves, own, digest), ...pathOf(roots, number, digest)]
  const path = { index: number * blockSize + own, size: seal.count, hashes }
  if (rootFromPath(leaves[own] ?? '', path, digest) !== seal.root)
    throw new Error(`the events of ${seal.date} are not those that were sealed`)
  return { event: provenEvent(event, stream), path, seal: signedPart(seal) }
}

/** The events after a position up to another. */
async function readAfter(after: string, last: string, readAll: ProofPorts['readAll']): Promise<TreeEvent[]> {
  const found: TreeEvent[] = []
  for (let position = after; position < last; ) {
    const events = await readAll(position, batch)
    if (events.length === 0) throw new Error(`the log ends before ${last}, which is sealed`)
    for (const { position, recordedAt, hash } of events)
      if (position <= last) found.push({ position, recordedAt, hash })
    position = events.at(-1)!.position
  }
  return found
}

function provenEvent({ data, metadata, ...event }: Recorded, stream: readonly Recorded[]): ProvenEvent {
  const { position, version, id, type, recordedAt } = event
  return {
    position,
    previousHash: stream.find((before) => before.version === version - 1)?.hash ?? chainStart,
    stream: event.stream,
    version,
    id,
    type,
    recordedAt,
    data: JSON.stringify(data), // as stored: what JSON gave back is written the same way again
    metadata: JSON.stringify(metadata),
  }
}

/** What is wrong with a proof, undefined when it holds. `publicKey`: the one to trust, where the caller knows it. */
export function proofFault(
  { event, path, seal }: InclusionProof,
  digest: Digest,
  checkSignature: CheckSignature,
  publicKey = seal.publicKey,
): ProofFault | undefined {
  if (seal.publicKey !== publicKey) return 'key_differs'
  if (!checkSignature(publicKey, sealText(seal), seal.signature)) return 'signature_invalid'
  const hash = eventHash(event.previousHash, event, digest)
  const root = rootFromPath(eventLeaf({ ...event, hash }, digest), path, digest)
  return root === seal.root && path.size === seal.count ? undefined : 'path_differs'
}
