// How the appends of all gateways ended, also of those that were killed: asked of each every half a second, and added up.
import { setTimeout as wait } from 'node:timers/promises'

type Counts = Readonly<Record<'appended' | 'repeated' | 'conflict', number>>

const everyMs = 500

/** The returned function asks once more and says the sums. What a gateway that was killed counted in its last half second is not in them. */
export function followAppends(addresses: readonly string[], signal: AbortSignal): () => Promise<Counts> {
  const done: Counts[] = []
  const latest = new Map<string, Counts>()
  const look = async (address: string): Promise<void> => {
    const counts = await countsAt(address)
    const before = latest.get(address)
    if (!counts) return
    if (before && counts.appended < before.appended) done.push(before) // it was started anew
    latest.set(address, counts)
  }
  const follow = async (address: string): Promise<void> => {
    while (!signal.aborted) {
      await look(address)
      await wait(everyMs, undefined, { signal }).catch(() => {})
    }
  }
  for (const address of addresses) void follow(address)
  return async () => {
    await Promise.all(addresses.map(look))
    return [...done, ...latest.values()].reduce(sum, { appended: 0, repeated: 0, conflict: 0 })
  }
}

const sum = (one: Counts, other: Counts): Counts => ({
  appended: one.appended + other.appended,
  repeated: one.repeated + other.repeated,
  conflict: one.conflict + other.conflict,
})

export async function countsAt(address: string): Promise<Counts | undefined> {
  const signal = AbortSignal.timeout(2_000)
  const text = await fetch(`${address}/metrics`, { signal }).then(
    (answer) => (answer.ok ? answer.text() : undefined),
    () => undefined,
  )
  if (text === undefined) return undefined
  const of = (result: string) =>
    Number(new RegExp(`^thungan_appends_total\\{result="${result}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return { appended: of('appended'), repeated: of('repeated'), conflict: of('conflict') }
}
