// The seals in a log's file as they are found: perhaps tampered with, perhaps not even seals.
import type { Block } from '../../domain/proof/dayTree.ts'
import type { Seal, SignedSeal } from '../../domain/proof/seal.ts'
import type { FoundSeal } from '../../domain/proof/sealCheck.ts'
import { encodePosition } from './eventRow.ts'
import type { LogFile, SealRow } from './logFile.ts'

const unreadable: SignedSeal = {
  date: '',
  firstPosition: '',
  lastPosition: '',
  count: 0,
  root: '',
  publicKey: '',
  signature: '',
}

/** A seal that somebody has made unreadable is one whose signature does not hold. */
export const readSeal = ([stream, version, position, data]: SealRow): FoundSeal => {
  const seal = parsed(data)
  const place = { stream, version, position: encodePosition(position) }
  return { seal: typeof seal?.signature === 'string' ? seal : unreadable, ...place }
}

/** A seal with its blocks, where they can be read. */
export function wholeSeal(log: LogFile, date: string): Seal | undefined {
  const seal = parsed(log.seal(date) ?? '')
  const blocks: unknown = seal?.blocks
  const readable = Array.isArray(blocks) && blocks.length > 0 && blocks.every(isBlock)
  return readable ? seal : undefined
}

const isBlock = (block: Partial<Block> | null): boolean =>
  typeof block?.root === 'string' && typeof block.lastPosition === 'string'

function parsed(text: string): Seal | undefined {
  try {
    return (JSON.parse(text) as Seal | null) ?? undefined
  } catch {
    return undefined
  }
}
