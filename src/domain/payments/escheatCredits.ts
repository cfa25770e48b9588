// The process escheatCredits: money that nobody claimed within the term goes where the law sends it. The list is its only memory.
import type { Gateway } from '../gateway.ts'

type Ports = Pick<Gateway, 'credits'> & {
  readonly now: () => Date
  readonly termDays: number
  /** Ids of credits with unapplied money received at or before an instant, oldest first; may name some that are done. */
  readonly unappliedBefore: (instant: string, limit: number) => Promise<readonly string[]>
}

const batchMax = 500
const dayMs = 86_400_000

/** Escheats what is due now, one batch; answers how many credits it looked at. */
export async function escheatCredits({ credits, now, termDays, unappliedBefore }: Ports): Promise<number> {
  const at = now()
  const due = await unappliedBefore(new Date(at.getTime() - termDays * dayMs).toISOString(), batchMax)
  const escheat = { type: 'EscheatCredit', data: { at: at.toISOString(), termDays } } as const
  await Promise.all(due.map((id) => credits.handle(id, escheat, { actor: 'escheatCredits' })))
  return due.length
}
