// Connection strings of EventStoreDB: what they may say, and that none is quoted when it is refused.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { connect } from '../../../src/adapters/eventstoredb/connection.ts'
import { StoreUnavailable } from '../../../src/domain/core/eventStore.ts'
import { newEvent, openDouble, openStore } from '../../support/eventstoredb/store.ts'

const folder = mkdtempSync(join(tmpdir(), 'thungan-eventstore-'))
afterAll(() => rmSync(folder, { recursive: true }))
const [certFile, keyFile] = [join(folder, 'node.crt'), join(folder, 'node.key')]

function certificate() {
  const subject = ['-subj', '/CN=node', '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-keyout', keyFile, '-out', certFile]
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files]
  execFileSync('openssl', args, { stdio: 'ignore' })
  return { cert: readFileSync(certFile), key: readFileSync(keyFile) }
}

describe('a secure node', () => {
  it('is spoken to with TLS, a certificate authority of its own and a user', async () => {
    const double = await openDouble({ tls: certificate(), user: 'thungan:s3cret' })
    const store = openStore(`${double.url}&tlsCAFile=${encodeURIComponent(certFile)}`)
    expect(await store.append('payment-1', 0, [newEvent()])).toMatchObject({ status: 'appended' })
    expect(await store.read('payment-1')).toHaveLength(1)
  })

  it('that refuses the user is named at once, and the password is not', async () => {
    const double = await openDouble({ tls: certificate(), user: 'thungan:s3cret' })
    const url = double.url.replace('s3cret', 'an0ther')
    const store = openStore(`${url}&tlsCAFile=${encodeURIComponent(certFile)}`)
    const refused = await store.append('payment-1', 0, [newEvent()]).catch((error: Error) => error)
    expect(refused).toBeInstanceOf(StoreUnavailable)
    expect((refused as Error).message).toMatch(
      /^EventStoreDB refuses the user of EVENTSTORE_URL: look at name and password/,
    )
    expect((refused as Error).message).not.toContain('an0ther')
    expect(double.faults.calls).toEqual({ append: 0, read: 1, subscribe: 0 }) // asked once and not again
    await expect(store.read('payment-1')).rejects.toThrow('refuses the user')
    await expect(
      store.follow('', new AbortController().signal)[Symbol.asyncIterator]().next(),
    ).rejects.toThrow('refuses the user')
  })
})

describe('a cluster', () => {
  it.each(['leader', 'follower', 'random'])('is found by gossip, nodes preferred: %s', async (preference) => {
    const double = await openDouble({ nodes: 3 })
    const store = openStore(`${double.url}&nodePreference=${preference}`)
    expect(await store.append('payment-1', 0, [newEvent()])).toMatchObject({ status: 'appended' })
  })

  it('is found from one name by discovery', async () => {
    const double = await openDouble({ nodes: 3 })
    double.elect(1)
    const store = openStore(`esdb+discover://127.0.0.1:${double.ports[2]}?tls=false`)
    expect(await store.append('payment-1', 0, [newEvent()])).toMatchObject({ status: 'appended' })
  })
})

describe('a string that cannot be used', () => {
  it.each([
    [
      'another protocol',
      'postgres://thungan:s3cret@db',
      'EVENTSTORE_URL cannot be used: write it like esdb://',
    ],
    ['no host', 'esdb://thungan:s3cret@', 'EVENTSTORE_URL cannot be used: write it like esdb://'],
    ['a wrong value', 'esdb://thungan:s3cret@db?tls=maybe', 'EVENTSTORE_URL cannot be used'],
    ['an unknown option', 'esdb://thungan:s3cret@db?tsl=true', 'has the option tsl; known are tls,'],
    ['no such file', 'esdb://thungan:s3cret@db?tlsCAFile=/none.crt', 'certificate file. File was not found'],
  ])('is refused without being quoted: %s', (_, url, message) => {
    const refused = () => openStore(url)
    expect(refused).toThrow(StoreUnavailable)
    expect(refused).toThrow(message)
    expect(refused).not.toThrow('s3cret')
  })
})

describe('a node that goes away', () => {
  /** What the client does then, without anybody waiting for it: a rejection or a throw there would end the process. */
  type Inside = {
    getChannel: () => Promise<{ getConnectivityState: (connect: boolean) => number }>
    handleError: (failed: { getChannel: () => unknown }, error: Error) => Promise<void>
  }
  const insideOf = (url: string): Inside => connect(url).client as unknown as Inside
  const gone = () => Object.assign(new Error('gone'), { code: 14, details: 'gone' })

  it('does not end the process while no other is found', async () => {
    const inside = insideOf(
      'esdb://127.0.0.1:1,127.0.0.1:2?tls=false&maxDiscoverAttempts=1&discoveryInterval=1',
    )
    const connecting = inside.getChannel()
    const failed = { getChannel: () => ({ close: () => {} }) }
    await expect(inside.handleError(failed, gone())).resolves.toBeUndefined()
    await expect(connecting).rejects.toThrow('Failed to discover')
  })

  it('leaves its channel to the calls that are just beginning', async () => {
    const shutDown = 4
    const inside = insideOf('esdb://127.0.0.1:1?tls=false')
    const channel = await inside.getChannel()
    const target = { getTarget: () => 'dns:127.0.0.1:1' }
    await inside.handleError({ getChannel: () => Object.assign(channel, target) }, gone())
    expect(channel.getConnectivityState(false)).not.toBe(shutDown)
    await new Promise((resolve) => setImmediate(resolve))
    expect(channel.getConnectivityState(false)).toBe(shutDown)
  })
})
