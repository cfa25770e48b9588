// Two ways to load a server: as fast as it answers (closed loop), and at a given rate whatever it answers (open loop).
import { type Connection, openConnection } from './httpClient.ts'

type Work = (connection: Connection) => Promise<unknown>

export type Closed = { readonly count: number; readonly seconds: number }
/** Milliseconds from when a request was due, waiting for a free connection included. */
export type Latencies = {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

async function connect(port: number, size: number): Promise<Connection[]> {
  return Promise.all(Array.from({ length: size }, () => openConnection(port)))
}

/** Each of `size` connections works without a pause for some seconds, or until `more` says that nothing is left. */
export async function closedLoop(
  port: number,
  size: number,
  seconds: number,
  work: Work,
  more: () => boolean = () => true,
): Promise<Closed> {
  const connections = await connect(port, size)
  const start = performance.now()
  const end = start + seconds * 1000
  let count = 0
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < end && more()) {
        await work(connection)
        count += 1
      }
    }),
  )
  const elapsed = (performance.now() - start) / 1000
  for (const connection of connections) connection.close()
  return { count, seconds: elapsed }
}

const connectionsMax = 256

/** Starts `perSecond` pieces of work each second, evenly, on whichever connection is free, or a new one. */
export async function openLoop(
  port: number,
  perSecond: number,
  seconds: number,
  work: Work,
): Promise<Latencies> {
  const free: Connection[] = []
  const overdue: number[] = []
  const latencies: number[] = []
  const running = new Set<Promise<void>>()

  const takeFree = (): Connection | undefined => {
    let connection = free.pop()
    while (connection && !connection.isOpen()) connection = free.pop()
    return connection
  }
  const worker = async (firstDue: number): Promise<void> => {
    const connection = takeFree() ?? (await openConnection(port))
    for (let due: number | undefined = firstDue; due !== undefined; due = overdue.shift()) {
      await work(connection)
      latencies.push(performance.now() - due)
    }
    free.push(connection)
  }
  const start = performance.now()
  const total = Math.floor(perSecond * seconds)
  for (let started = 0; started < total; ) {
    const due = start + (started * 1000) / perSecond
    if (due > performance.now()) {
      await new Promise((resolve) => setTimeout(resolve, 1)) // a busy wait would take the server's second core
      continue
    }
    started += 1
    if (running.size >= connectionsMax) overdue.push(due)
    else {
      const one = worker(due)
      running.add(one)
      one.then(() => running.delete(one))
    }
  }
  await Promise.all(running)
  for (const connection of free) connection.close()
  return summary(latencies)
}

export function summary(latencies: number[]): Latencies {
  latencies.sort((a, b) => a - b)
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
