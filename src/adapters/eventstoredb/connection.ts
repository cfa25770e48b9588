// The client of EventStoreDB for one store: opened from a connection string, kept from ending the process, and closed.
import { EventStoreDBClient } from '@eventstore/db-client'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'

export type Connection = { readonly client: EventStoreDBClient; readonly close: () => Promise<void> }

/** What is used of the client's inside; its version is pinned. */
type Channel = { close: () => void }
type Inside = {
  supports: () => Promise<boolean>
  handleError: (failed: { readonly getChannel: () => Channel }, error: Error) => Promise<void>
  getChannel: () => Promise<Channel>
}

const knownOptions = [
  'tls',
  'tlsCAFile',
  'userCertFile',
  'userKeyFile',
  'nodePreference',
  'maxDiscoverAttempts',
  'discoveryInterval',
  'gossipTimeout',
  'defaultDeadline',
  'keepAliveInterval',
  'keepAliveTimeout',
  'connectionName',
]
const example = 'esdb://user:password@node1:2113,node2:2113,node3:2113?tls=true&nodePreference=leader'

/** Connects with the first use. Throws StoreUnavailable for a string that it cannot use, and never quotes it: it may hold a password. */
export function connect(url: string): Connection {
  refuseUnknownOptions(url)
  const client = clientOf(url)
  const inside = client as unknown as Inside
  // The stream that batches appends has no deadline, and an answer after its end is an error that nobody can catch.
  inside.supports = async () => false
  outliveReconnects(inside)
  const opened = rememberChannel(inside)
  return {
    client,
    close: async () => {
      await client.dispose()
      const channel = await opened()
      channel?.close()
    },
  }
}

function clientOf(url: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(url)
  } catch (error) {
    const { message } = error as Error
    const aboutFiles = /certificate|userCertFile/.test(message) && !message.includes('://')
    throw new StoreUnavailable(
      `EVENTSTORE_URL cannot be used: ${aboutFiles ? message : `write it like ${example}`}`,
    )
  }
}

/** The client would print the whole string beside an option that it does not know. */
function refuseUnknownOptions(url: string): void {
  const names = new Set(knownOptions.map((name) => name.toLowerCase()))
  const asked = url.split('?').slice(1).join('&').split('&').filter(Boolean)
  const unknown = asked
    .map((option) => option.split('=')[0]!)
    .find((name) => !names.has(name.toLowerCase().replace(/[_-]/g, '')))
  if (unknown === undefined) return
  throw new StoreUnavailable(
    `EVENTSTORE_URL has the option ${unknown.slice(0, 40)}; known are ${knownOptions.join(', ')}`,
  )
}

/**
 * When a node goes away, the client leaves the channel and takes another. It does so without anybody waiting for it: a
 * failure in it would end the process, as would a call that begins in the very moment in which the channel closes.
 */
function outliveReconnects(inside: Inside): void {
  const { handleError } = inside
  inside.handleError = async (failed, error) => {
    closeLater(failed.getChannel())
    await handleError(failed, error).catch(() => {}) // the next call connects, or says why it cannot
  }
}

function closeLater(channel: Channel): void {
  const close = channel.close.bind(channel)
  channel.close = () => void setImmediate(close)
}

/** The client's `dispose` ends its calls and leaves the channel open. */
function rememberChannel(inside: Inside): () => Promise<Channel | undefined> {
  const { getChannel } = inside
  let latest: Promise<Channel> | undefined
  inside.getChannel = () => {
    latest = getChannel()
    return latest
  }
  return async () => latest?.catch(() => undefined)
}
