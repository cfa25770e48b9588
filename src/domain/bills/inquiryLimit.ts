// How often a key may ask in a minute. Kept in memory, bounded: the key that began its minute the longest ago is forgotten first.

export type InquiryLimiter = {
  /** Counts an inquiry; answers for how many seconds the key must wait, if it may not ask now. */
  readonly ask: (keyId: string, nowMs: number) => number | undefined
}

const windowMs = 60_000
const keysMax = 10_000

export function inquiryLimiter(inquiriesMax: number): InquiryLimiter {
  const windows = new Map<string, { readonly begun: number; count: number }>()
  return {
    ask: (keyId, nowMs) => {
      const known = windows.get(keyId)
      if (known && nowMs - known.begun < windowMs) {
        if (known.count >= inquiriesMax) return Math.ceil((known.begun + windowMs - nowMs) / 1000)
        known.count += 1
        return undefined
      }
      windows.delete(keyId)
      windows.set(keyId, { begun: nowMs, count: 1 })
      if (windows.size > keysMax) windows.delete(windows.keys().next().value!)
      return undefined
    },
  }
}
