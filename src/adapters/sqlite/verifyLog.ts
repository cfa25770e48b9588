// Verifies a log's file from its first event to its last: hashes, chains, seals. Stops at the first thing that is wrong.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { TreeEvent } from '../../domain/proof/dayTree.ts'
import type { Finding } from '../../domain/proof/finding.ts'
import type { CheckSignature, SignedSeal } from '../../domain/proof/seal.ts'
import { type FoundSeal, firstBadSeal, sealChecker } from '../../domain/proof/sealCheck.ts'
import { nodeCrypto } from '../node/crypto.ts'
import { chainChecker } from './chainCheck.ts'
import { decodePosition, encodePosition, instantText } from './eventRow.ts'
import { readSeal, wholeSeal } from './foundSeals.ts'
import { type LogFile, type LogRow, openLogFile } from './logFile.ts'

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
  /** The last event that was found good. */
  readonly head?: { readonly position: string; readonly hash: string }
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
  const { day, progress = () => {} } = options
  const found = log.seals().map(readSeal)
  const publicKey = options.publicKey ?? found[0]?.seal.publicKey
  const bad = firstBadSeal(found, publicKey ?? '', options.checkSignature)
  const genuine = found.slice(0, bad?.index).map(({ seal }) => seal)
  const last = genuine.at(-1)
  const part =
    day === undefined ? wholeLog(log, genuine, bad?.finding) : oneDay(day, found, genuine, bad?.finding)
  const { events, unsealed, head, finding } = await scan(log, part, progress)
  return {
    events,
    seals: part.seals.length,
    unsealed,
    ...(head && { head }),
    ...(last && { lastSeal: last.date }),
    ...(publicKey !== undefined && { publicKey }),
    ...(finding && { finding }),
  }
}

/** What is to be checked: the events from one position to another and the seals over them. */
type Part = {
  readonly from: number
  /** The position before the first that should be there. */
  readonly before: number
  readonly to: number
  /** How many events that should be. */
  readonly size: number
  readonly seals: readonly SignedSeal[]
  /** A seal that is known to be bad, to be told of once the events up to it are known to be good. */
  readonly bad: Finding | undefined
}

/** Also what stands before the first position, where nothing should be. */
const wholeLog = (log: LogFile, seals: readonly SignedSeal[], bad: Finding | undefined): Part => ({
  from: Number.MIN_SAFE_INTEGER,
  before: 0,
  to: log.last(),
  size: log.size(),
  seals,
  bad,
})

function oneDay(
  day: string,
  found: readonly FoundSeal[],
  genuine: readonly SignedSeal[],
  bad: Finding | undefined,
): Part {
  const seal = genuine.find(({ date }) => date === day)
  if (seal) {
    const before = decodePosition(seal.previous?.lastPosition ?? '')
    const to = decodePosition(seal.lastPosition)
    return { from: before, before, to, size: seal.count, seals: [seal], bad: undefined }
  }
  if (!found.some(({ stream }) => stream === `seal-${day}`)) throw new DayNotSealed(`${day} has no seal`)
  return { from: 0, before: 0, to: 0, size: 0, seals: [], bad }
}

type Scanned = Pick<Verification, 'events' | 'unsealed' | 'head'> & { readonly finding: Finding | undefined }

async function scan(
  log: LogFile,
  { from, before, to, size, seals, bad }: Part,
  progress: (done: number, total: number) => void,
): Promise<Scanned> {
  const checkChain = chainChecker(log, before)
  const checkSeals = sealChecker(seals, (date) => wholeSeal(log, date), nodeCrypto.hash)
  const sealedTo = decodePosition(seals.at(-1)?.lastPosition ?? '')
  let [events, unsealed, last] = [0, 0, before]
  let lastRow: LogRow | undefined
  const scanned = (finding: Finding | undefined): Scanned => ({
    events,
    unsealed,
    ...(lastRow && { head: { position: encodePosition(lastRow[0]), hash: lastRow[8] } }),
    finding,
  })
  for (let after = from; after < to; await nextTurn()) {
    const rows = log.rows(after, batch).filter(([position]) => position <= to)
    if (rows.length === 0) break
    for (const row of rows) {
      const finding = checkChain(row) ?? checkSeals.add(treeEvent(row))
      if (finding) return scanned(finding)
      if (bad?.position === encodePosition(row[0])) return scanned(bad)
      events += 1
      lastRow = row
      last = row[0]
      if (last > sealedTo) unsealed += 1
    }
    after = last
    progress(events, size)
  }
  const isShort = checkSeals.open() || events < size
  return scanned(isShort ? missingAt(last + 1) : bad)
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
