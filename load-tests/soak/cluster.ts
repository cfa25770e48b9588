// What the soak runs on: an event store, PostgreSQL, two gateways and a balancer, each of which can be killed and started again, but for the first and the last.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { fileURLToPath } from 'node:url'
import { type Balancer, openBalancer } from '../../test/support/balancer.ts'
import { freePort, type GatewayProcess, startGateway } from '../../test/support/gatewayProcess.ts'
import { startPostgres, type TestPostgres } from '../../test/support/postgres.ts'

export const operatorKey = 'operator-key-of-the-soak'

export type Cluster = {
  readonly storeUrl: string
  readonly databaseUrl: string
  readonly postgres: TestPostgres
  readonly balancer: Balancer
  readonly addresses: readonly string[]
  readonly gateways: GatewayProcess[]
  /** Starts a gateway where it was before; resolves once the balancer sends to it. */
  readonly start: (index: number) => Promise<void>
  /** kill -9. */
  readonly kill: (index: number) => Promise<void>
  /** What gateways said last that ended without being killed. */
  readonly deaths: readonly string[]
  readonly close: () => Promise<void>
}

const healthEveryMs = 200
const startMsMax = 60_000
const errorMax = 500

export async function openCluster(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-soak-'))
  const double = fork(fileURLToPath(new URL('./eventStoreDouble.ts', import.meta.url)))
  const storeUrl = await urlOf(double)
  const postgres = await startPostgres()
  const databaseUrl = await postgres.newDatabase()
  const ports = [await freePort(), await freePort()]
  const addresses = ports.map((port) => `http://127.0.0.1:${port}`)
  const balancer = await openBalancer(addresses, healthEveryMs)
  const gateways: GatewayProcess[] = []

  const killed = new Set<GatewayProcess>()
  const deaths: string[] = []

  const start = async (index: number): Promise<void> => {
    const gateway = startGateway({
      PORT: String(ports[index]),
      EVENT_STORE: 'eventstoredb',
      EVENTSTORE_URL: storeUrl,
      READ_MODEL_URL: `${databaseUrl}?application_name=gateway${index}`,
      DATA_DIR: join(folder, String(index)),
      MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
      OPERATOR_KEY: operatorKey,
      PUBLIC_URL: 'https://pay.example',
      DELIVER_WEBHOOKS: index === 0 ? '1' : '0',
      DEMO: '0',
      LOG_LEVEL: 'fatal',
    })
    gateways[index] = gateway
    void gateway.ended.then(({ code, err }) => {
      if (!killed.has(gateway) && code !== 0)
        deaths.push(`a gateway ended by itself: ${err.slice(-errorMax)}`)
    })
    await until('a gateway is up', startMsMax, () => balancer.isUp(addresses[index]!))
  }
  return {
    storeUrl,
    databaseUrl,
    postgres,
    balancer,
    addresses,
    gateways,
    start,
    kill: async (index) => {
      killed.add(gateways[index]!)
      await gateways[index]!.kill()
    },
    deaths,
    close: async () => {
      await balancer.close()
      for (const gateway of gateways) killed.add(gateway)
      await Promise.all(gateways.map(({ kill }) => kill()))
      await postgres.stop()
      double.disconnect()
      rmSync(folder, { recursive: true })
    },
  }
}

async function urlOf(double: ChildProcess): Promise<string> {
  const [{ url }] = (await once(double, 'message')) as [{ url: string }]
  return url
}

/** Resolves once a condition holds; fails after `msMax`, saying which. */
export async function until(
  what: string,
  msMax: number,
  holds: () => Promise<boolean> | boolean,
  everyMs = 20,
): Promise<void> {
  const deadline = performance.now() + msMax
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
