// Verifies a log's file from its first event to its last: hashes, chains, seals. Stops at the first thing that is wrong.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Block, TreeEvent } from '../../domain/proof/dayTree.ts'
import type { Finding } from '../../domain/proof/finding.ts'
import type { CheckSignature, Seal, SignedSeal } from '../../domain/proof/seal.ts'
import { type FoundSeal, firstBadSeal, sealChecker } from '../../domain/proof/sealCheck.ts'
import { nodeCrypto } from '../node/crypto.ts'
import { chainChecker } from './chainCheck.ts'
import { encodePosition, instantText } from './eventRow.ts'
import { type LogFile, type LogRow, openLogFile, type SealRow } from './logFile.ts'

export type VerifyOptions = {
  readonly file: string
  /** Whose signature counts; the key of the first seal where nobody says. */
  readonly publicKey?: string
  readonly checkSignature: CheckSignature
  /** Only the events under the seal of this business day. */
  readonly day?: string
  readonly progress?: (done: number, total: number) => void
}

export type Verification = {
  readonly events: number
  readonly seals: number
  /** Events after the last seal: their chains are checked, but who changes them can compute the chains again. */
  readonly unsealed: number
  readonly lastSeal?: string
  readonly publicKey?: string
  readonly finding?: Finding
}

/** There is no seal of the day that was asked for. */
export class DayNotSealed extends Error {
  override name = 'DayNotSealed'
}

const batch = 2_000

export async function verifyLog(options: VerifyOptions): Promise<Verification> {
  const log = openLogFile(options.file)
  try {
    return await verify(log, options)
  } finally {
    log.close()
  }
}

async function verify(log: LogFile, options: VerifyOptions): Promise<Verification> {
  const { checkSignature, day, progress = () => {} } = options
  const found = log.seals().map(readSeal)
  const publicKey = options.publicKey ?? found[0]?.seal.publicKey
  const bad = firstBadSeal(found, publicKey ?? '', checkSignature)
  const genuine = found.slice(0, bad?.index).map(({ seal }) => seal)
  const seals = day === undefined ? genuine : genuine.filter(({ date }) => date === day)
  const result = (events: number, finding?: Finding): Verification => ({
    events,
    seals: seals.length,
    unsealed: day === undefined ? events - Number(genuine.at(-1)?.lastPosition ?? 0) : 0,
    ...(genuine.length > 0 && { lastSeal: genuine.at(-1)!.date }),
    ...(publicKey !== undefined && { publicKey }),
    ...(finding && { finding }),
  })
  if (day !== undefined && seals.length === 0) {
    if (bad && found.some(({ stream }) => stream === `seal-${day}`)) return result(0, bad.finding)
    throw new DayNotSealed(`${day} has no seal`)
  }

  const { start, before, end } = day === undefined ? wholeLog(log) : under(seals[0]!)
  const checkChain = chainChecker(log, before)
  const checkSeals = sealChecker(seals, (date) => wholeSeal(log, date), nodeCrypto.hash)
  let events = 0
  for (let after = start; after < end; await nextTurn()) {
    const rows = log.rows(after, Math.min(batch, end - before - events))
    if (rows.length === 0) break
    for (const row of rows) {
      const finding = checkChain(row) ?? checkSeals.add(treeEvent(row))
      if (finding) return result(events, finding)
      if (bad?.finding.position === encodePosition(row[0])) return result(events, bad.finding)
      events += 1
    }
    after = rows.at(-1)![0]
    progress(events, end - before)
  }
  const lost = checkSeals.open() && missingAt(before + events + 1)
  return result(events, lost || (day === undefined ? bad?.finding : undefined))
}

/** Also what stands before the first position, where nothing should be. */
const wholeLog = (log: LogFile) => ({ start: Number.MIN_SAFE_INTEGER, before: 0, end: log.last() })

const under = ({ previous, lastPosition }: SignedSeal) => {
  const before = Number(previous?.lastPosition ?? 0)
  return { start: before, before, end: Number(lastPosition) }
}

const treeEvent = ([position, , , , , , , instant, hash]: LogRow): TreeEvent => ({
  position: encodePosition(position),
  recordedAt: instantText(instant),
  hash,
})

const missingAt = (position: number): Finding => ({
  problem: 'event_missing',
  position: encodePosition(position),
})

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
const readSeal = ([stream, version, position, data]: SealRow): FoundSeal => {
  const seal = parsed(data)
  const place = { stream, version, position: encodePosition(position) }
  return { seal: typeof seal?.signature === 'string' ? seal : unreadable, ...place }
}

function wholeSeal(log: LogFile, date: string): Seal | undefined {
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
