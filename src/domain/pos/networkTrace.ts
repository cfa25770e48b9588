// What names a request on the card network: when it was sent and its trace number (STAN). An attempt's id is the two together.

export type NetworkTrace = {
  /** DE7, MMDDhhmmss in UTC. */
  readonly transmittedAt: string
  /** DE11, six digits. */
  readonly stan: string
}

const stanMax = 1_000_000

/** The trace of a request sent now. `counter` counts the requests of this process; only its last six digits are seen. */
export const newTrace = (at: Date, counter: number): NetworkTrace => ({
  transmittedAt: at.toISOString().replace(/\D/g, '').slice(4, 14),
  stan: String(counter % stanMax).padStart(6, '0'),
})

export const attemptIdOf = ({ transmittedAt, stan }: NetworkTrace): string => transmittedAt + stan

export const traceOf = (attemptId: string): NetworkTrace => ({
  transmittedAt: attemptId.slice(0, 10),
  stan: attemptId.slice(10),
})
