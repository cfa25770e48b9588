// The messages of EventStoreDB's public protocol, as its client ships them: from and to the records of the double.
import shared from '@eventstore/db-client/generated/shared_pb.js'
import type * as streamsTypes from '@eventstore/db-client/generated/streams_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { DoubleRecord, ProposedRecord } from './log.ts'

const { AppendResp, ReadResp } = streams

export const nameIn = (options: {
  getStreamIdentifier(): { getStreamName_asU8(): Uint8Array } | undefined
}): string => Buffer.from(options.getStreamIdentifier()!.getStreamName_asU8()).toString()

export const proposedIn = (message: streamsTypes.AppendReq.ProposedMessage): ProposedRecord => ({
  id: message.getId()!.getString(),
  metadata: new Map(message.getMetadataMap().getEntryList()),
  data: message.getData_asU8(),
  customMetadata: message.getCustomMetadata_asU8(),
})

/** The revision that an append expects, -1n for none, undefined for any. */
export function expectedIn(options: streamsTypes.AppendReq.Options): bigint | undefined {
  if (options.hasAny()) return undefined
  if (options.hasNoStream()) return -1n
  if (options.hasRevision()) return BigInt(options.getRevision())
  throw new Error('the double knows any, no_stream and a revision, as the store uses them')
}

export function appended({ revision, position }: DoubleRecord): streamsTypes.AppendResp {
  const at = new AppendResp.Position()
  at.setCommitPosition(String(position))
  at.setPreparePosition(String(position))
  const success = new AppendResp.Success()
  success.setCurrentRevision(String(revision))
  success.setPosition(at)
  const response = new AppendResp()
  response.setSuccess(success)
  return response
}

export function wrongVersion(current: bigint, expected: bigint): streamsTypes.AppendResp {
  const wrong = new AppendResp.WrongExpectedVersion()
  if (current < 0n) wrong.setCurrentNoStream(new shared.Empty())
  else wrong.setCurrentRevision(String(current))
  if (expected < 0n) wrong.setExpectedNoStream(new shared.Empty())
  else wrong.setExpectedRevision(String(expected))
  const response = new AppendResp()
  response.setWrongExpectedVersion(wrong)
  return response
}

export function eventResponse(record: DoubleRecord): streamsTypes.ReadResp {
  const id = new shared.UUID()
  id.setString(record.id)
  const event = new ReadResp.ReadEvent.RecordedEvent()
  event.setId(id)
  event.setStreamIdentifier(identifier(record.stream))
  event.setStreamRevision(String(record.revision))
  event.setCommitPosition(String(record.position))
  event.setPreparePosition(String(record.position))
  for (const [name, value] of record.metadata) event.getMetadataMap().set(name, value)
  event.getMetadataMap().set('created', '17000000000000000')
  event.setData(record.data)
  event.setCustomMetadata(record.customMetadata)
  const read = new ReadResp.ReadEvent()
  read.setEvent(event)
  read.setCommitPosition(String(record.position))
  const response = new ReadResp()
  response.setEvent(read)
  return response
}

export function notFoundResponse(stream: string): streamsTypes.ReadResp {
  const notFound = new ReadResp.StreamNotFound()
  notFound.setStreamIdentifier(identifier(stream))
  const response = new ReadResp()
  response.setStreamNotFound(notFound)
  return response
}

export function confirmationResponse(): streamsTypes.ReadResp {
  const confirmation = new ReadResp.SubscriptionConfirmation()
  confirmation.setSubscriptionId('double')
  const response = new ReadResp()
  response.setConfirmation(confirmation)
  return response
}

export function caughtUpResponse(): streamsTypes.ReadResp {
  const response = new ReadResp()
  response.setCaughtUp(new ReadResp.CaughtUp())
  return response
}

export function checkpointResponse(position: bigint): streamsTypes.ReadResp {
  const checkpoint = new ReadResp.Checkpoint()
  checkpoint.setCommitPosition(String(position))
  checkpoint.setPreparePosition(String(position))
  const response = new ReadResp()
  response.setCheckpoint(checkpoint)
  return response
}

function identifier(stream: string) {
  const one = new shared.StreamIdentifier()
  one.setStreamName(Buffer.from(stream).toString('base64'))
  return one
}
