// How the double of EventStoreDB reads: a stream, all, and a filtered subscription with checkpoints and the word that it has caught up.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type * as streamsTypes from '@eventstore/db-client/generated/streams_pb.js'
import type { ServerWritableStream } from '@grpc/grpc-js'
import { type Fault, type Faults, grpcError, unavailable } from './faults.ts'
import type { DoubleLog, DoubleRecord } from './log.ts'
import {
  caughtUpResponse,
  checkpointResponse,
  confirmationResponse,
  eventResponse,
  nameIn,
  notFoundResponse,
} from './messages.ts'

export type ReadCall = ServerWritableStream<streamsTypes.ReadReq, streamsTypes.ReadResp>

/** Writes to a call, waiting where the reader is slow, and breaks off where a fault says so. */
function writerOf(call: ReadCall, fault: Fault | undefined) {
  const ending = new AbortController()
  call.on('cancelled', () => ending.abort())
  call.on('error', () => ending.abort())
  let events = 0

  const write = async (message: streamsTypes.ReadResp): Promise<void> => {
    if (!call.write(message)) await Promise.race([drained(call), aborted(ending.signal)])
  }
  const over = (): boolean => {
    if (ending.signal.aborted) return true
    if (fault?.kind !== 'cut' || events < fault.afterEvents) return false
    if (fault.code === 0) call.end()
    else call.emit('error', grpcError(fault.code, 'scripted'))
    ending.abort()
    return true
  }
  const event = async (record: DoubleRecord): Promise<void> => {
    events += 1
    await write(eventResponse(record))
  }
  return { write, event, over, signal: ending.signal }
}

const drained = (call: ReadCall) => new Promise<void>((resolve) => call.once('drain', () => resolve()))
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

export async function readOnce(
  call: ReadCall,
  log: DoubleLog,
  fault: Fault | undefined,
  faults: Faults,
): Promise<void> {
  if (fault?.kind === 'silent') return
  if (fault?.kind === 'unavailable') return void call.emit('error', unavailable())
  const options = call.request.getOptions()!
  const { event, write, over } = writerOf(call, fault)
  const asked = options.getStream()
  const found = asked ? ofStream(log, asked) : ofAll(log, options)
  if (found === undefined) await write(notFoundResponse(nameIn(asked!)))
  const backwards = options.getReadDirection() === 1
  let left = BigInt(options.getCount())
  for (const record of backwards ? (found ?? []).toReversed() : (found ?? [])) {
    if (left === 0n || over()) break
    left -= 1n
    faults.sent += 1
    await event(record)
  }
  if (!over()) call.end()
}

/** What a read of a stream passes over from its beginning, in log order. */
function ofStream(log: DoubleLog, asked: streamsTypes.ReadReq.Options.StreamOptions) {
  const known = log.stream(nameIn(asked))
  return asked.hasRevision()
    ? known?.filter(({ revision }) => revision >= BigInt(asked.getRevision()))
    : known
}

function ofAll(log: DoubleLog, options: streamsTypes.ReadReq.Options): readonly DoubleRecord[] {
  const asked = options.getAll()!
  if (!asked.hasPosition()) return log.records
  const index = log.indexAt(BigInt(asked.getPosition()!.getCommitPosition()))
  return options.getReadDirection() === 1 ? log.records.slice(0, index) : log.records.slice(index)
}

export async function subscribe(
  call: ReadCall,
  log: DoubleLog,
  fault: Fault | undefined,
  faults: Faults,
): Promise<void> {
  if (fault?.kind === 'silent') return
  if (fault?.kind === 'unavailable') return void call.emit('error', unavailable())
  const options = call.request.getOptions()!
  const { event, write, over, signal } = writerOf(call, fault)
  const filter = options.getFilter()!
  const prefixes = filter.getStreamIdentifier()!.getPrefixList()
  const window = filter.getMax() * filter.getCheckpointintervalmultiplier()
  let next = startOf(log, options)
  faults.begun.push(next)
  faults.open.add(call)
  let passed = 0
  let caughtUp = false

  await write(confirmationResponse())
  while (!over()) {
    const record = log.records[next]
    if (record === undefined) {
      if (!caughtUp) {
        caughtUp = true
        await write(caughtUpResponse())
        faults.caughtUp()
      }
      if (log.records.length === next && !signal.aborted) await log.sleep(signal)
      continue
    }
    next += 1
    passed += 1
    if (prefixes.some((prefix) => record.stream.startsWith(prefix))) await event(record)
    if (passed % window === 0) await write(checkpointResponse(record.position))
    if (passed % 1_000 === 0) await nextTurn()
  }
  faults.open.delete(call)
}

/** A subscription begins after its position, where a read begins with it. */
function startOf(log: DoubleLog, options: streamsTypes.ReadReq.Options): number {
  const position = options.getAll()!.getPosition()
  return position ? log.indexAt(BigInt(position.getCommitPosition()) + 1n) : 0
}
