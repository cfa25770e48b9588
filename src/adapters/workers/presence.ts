// When each terminal was last seen, in the memory of its object: losing it costs freshness only.
import type { LastSeen, Presence } from '../../http/services.ts'

export function memoryPresence(now: () => Date): Presence {
  const seen = new Map<string, LastSeen>()
  return {
    listeningSince: now().toISOString(),
    last: (terminalId) => seen.get(terminalId),
    mark: (terminalId, at) => void seen.set(terminalId, at),
  }
}
