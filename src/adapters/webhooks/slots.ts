// How many deliveries may be open at once, in all and to one host; who waits goes in the order of coming.

type Slots = { readonly use: <T>(host: string, work: () => Promise<T>) => Promise<T> }

export function createSlots(totalMax: number, perHostMax: number): Slots {
  const open = new Map<string, number>()
  const waiting: { readonly host: string; readonly go: () => void }[] = []
  let total = 0

  const isFree = (host: string): boolean => total < totalMax && (open.get(host) ?? 0) < perHostMax

  const take = (host: string): void => {
    total += 1
    open.set(host, (open.get(host) ?? 0) + 1)
  }

  const release = (host: string): void => {
    total -= 1
    const left = open.get(host)! - 1
    if (left === 0) open.delete(host)
    else open.set(host, left)
    const next = waiting.findIndex((one) => isFree(one.host))
    if (next < 0) return
    const [{ host: nextHost, go }] = waiting.splice(next, 1) as [(typeof waiting)[number]]
    take(nextHost)
    go()
  }

  return {
    use: async (host, work) => {
      if (isFree(host)) take(host)
      else await new Promise<void>((go) => waiting.push({ host, go }))
      try {
        return await work()
      } finally {
        release(host)
      }
    },
  }
}
