// What every event of a mandate says: whose it is; and what of a bank's words may be kept.
import type { Parties } from './debitEvents.ts'

export const partiesOf = ({ billerId, agentId }: Parties): Parties => ({
  billerId,
  ...(agentId !== undefined && { agentId }),
})

/** Reasons are kept for ever: a code, and no sentence in which a bank names somebody. */
export const reasonCode = (reason: string): string =>
  /^[a-z][a-z0-9_]{0,39}$/.test(reason) ? reason : 'other'
