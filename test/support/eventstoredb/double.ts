// A double of an EventStoreDB cluster for tests: its public gRPC protocol over a log in memory, with faults by script. Not a database.

import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import gossip from '@eventstore/db-client/generated/gossip_pb.js'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js'
import type * as streamsTypes from '@eventstore/db-client/generated/streams_pb.js'
import { type handleClientStreamingCall, type Metadata, Server, ServerCredentials } from '@grpc/grpc-js'
import {
  accessDenied,
  createFaults,
  type Faults,
  faultOf,
  grpcError,
  notLeader,
  unavailable,
} from './faults.ts'
import { createDoubleLog, type DoubleLog, type ProposedRecord } from './log.ts'
import { appended, expectedIn, nameIn, proposedIn, wrongVersion } from './messages.ts'
import { type ReadCall, readOnce, subscribe } from './reading.ts'

export type EventStoreDouble = {
  /** A connection string for all nodes. */
  readonly url: string
  readonly ports: readonly number[]
  readonly log: DoubleLog
  readonly faults: Faults
  /** Makes another node the leader. */
  readonly elect: (node: number) => void
  /** Resolves when the next subscription has told its reader that there is no more for now. */
  readonly caughtUp: () => Promise<void>
  /** Ends the open subscriptions with a gRPC code. */
  readonly drop: (code: number) => void
  /** Ends a node and all its connections. */
  readonly stop: (node: number) => void
  readonly close: () => void
}
type DoubleOptions = {
  readonly nodes?: number
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
  /** `user:password`, asked of every call. */
  readonly user?: string
  /** Where the log begins; a real one begins at 0. */
  readonly firstPosition?: bigint
}
type AppendCall = Parameters<handleClientStreamingCall<streamsTypes.AppendReq, streamsTypes.AppendResp>>

export async function openEventStoreDouble(options: DoubleOptions = {}): Promise<EventStoreDouble> {
  const { nodes = 1, tls, user } = options
  const log = createDoubleLog(options.firstPosition)
  const faults = createFaults()
  const ports: number[] = []
  let leader = 0

  const refusal = (metadata: Metadata, node: number) => {
    const asked = user && `Basic ${Buffer.from(user).toString('base64')}`
    if (asked && metadata.get('authorization')[0] !== asked) return accessDenied()
    const wantsLeader = metadata.get('requires-leader')[0] === 'true'
    return wantsLeader && node !== leader ? notLeader(ports[leader]!) : undefined
  }

  const append = (node: number, [call, callback]: AppendCall): void => {
    let header: streamsTypes.AppendReq.Options | undefined
    const proposed: ProposedRecord[] = []
    call.on('data', (message: streamsTypes.AppendReq) => {
      header ??= message.getOptions()
      const event = message.getProposedMessage()
      if (event) proposed.push(proposedIn(event))
    })
    call.on('error', () => {})
    call.on('end', () => {
      const kind = faultOf(faults, 'append', node)?.kind
      const refused = refusal(call.metadata, node) ?? (kind === 'unavailable' ? unavailable() : undefined)
      if (refused) return callback(refused)
      if (kind === 'silent') return
      const stream = nameIn(header!)
      const expected = expectedIn(header!) ?? BigInt(log.stream(stream)?.length ?? 0) - 1n
      const { last, current } = log.append(stream, expected, proposed)
      if (kind === 'committedThenSilent') return
      if (kind === 'committedThenUnavailable') return callback(unavailable())
      const answer = last ? appended(last) : wrongVersion(current, expected)
      setImmediate(() => callback(null, answer)) // after the subscribers were told
    })
  }

  const read = (node: number, call: ReadCall): void => {
    const subscribing = call.request.getOptions()!.hasSubscription()
    const fault = faultOf(faults, subscribing ? 'subscribe' : 'read', node)
    const refused = refusal(call.metadata, node)
    if (refused) call.emit('error', refused)
    else if (subscribing) void subscribe(call, log, fault, faults)
    else void readOnce(call, log, fault, faults)
  }

  const members = () => {
    const info = new gossip.ClusterInfo()
    info.setMembersList(
      ports.map((port, node) => memberAt(port, node === leader, running[node] !== undefined)),
    )
    return info
  }

  const credentials = tls
    ? ServerCredentials.createSsl(null, [{ cert_chain: tls.cert, private_key: tls.key }])
    : ServerCredentials.createInsecure()
  const running: (Server | undefined)[] = []
  for (let node = 0; node < nodes; node++) {
    const server = new Server({ 'grpc.max_receive_message_length': -1 })
    server.addService(streamsService.StreamsService, {
      append: (...call: AppendCall) => append(node, call),
      read: (call: ReadCall) => read(node, call),
    })
    server.addService(gossipService.GossipService, {
      read: (_: unknown, callback: (error: null, info: unknown) => void) => callback(null, members()),
    })
    ports.push(await listen(server, credentials))
    running.push(server)
  }

  const stop = (node: number): void => {
    running[node]?.forceShutdown()
    running[node] = undefined
  }
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',')
  return {
    url: `esdb://${user ? `${user}@` : ''}${hosts}?tls=${tls !== undefined}`,
    ports,
    log,
    faults,
    elect: (node) => {
      leader = node
    },
    caughtUp: () =>
      new Promise((resolve) => {
        faults.caughtUp = resolve
      }),
    drop: (code) => {
      for (const call of faults.open) call.emit('error', grpcError(code, 'scripted'))
    },
    stop,
    close: () => {
      for (const node of running.keys()) stop(node)
    },
  }
}

const listen = (server: Server, credentials: ServerCredentials): Promise<number> =>
  new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port))),
  )

function memberAt(port: number, isLeader: boolean, isAlive: boolean) {
  const { LEADER, FOLLOWER } = gossip.MemberInfo.VNodeState
  const id = new shared.UUID()
  id.setString(`00000000-0000-0000-0000-${String(port).padStart(12, '0')}`)
  const endPoint = new gossip.EndPoint()
  endPoint.setAddress('127.0.0.1')
  endPoint.setPort(port)
  const member = new gossip.MemberInfo()
  member.setInstanceId(id)
  member.setState(isLeader ? LEADER : FOLLOWER)
  member.setIsAlive(isAlive)
  member.setHttpEndPoint(endPoint)
  return member
}
