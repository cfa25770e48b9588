// The process expirePayments: pending payments whose time is over expire. The list of those due is its only memory.
import type { Gateway } from '../gateway.ts'

type Ports = Pick<Gateway, 'payments'> & {
  readonly now: () => Date
  /** Ids of pending payments that expire at or before an instant, longest due first; may name some that are done already. */
  readonly duePayments: (now: string, limit: number) => Promise<readonly string[]>
}

const batchMax = 500

/** Expires what is due now, one batch; answers how many it looked at. */
export async function expirePayments({ payments, now, duePayments }: Ports): Promise<number> {
  const at = now().toISOString()
  const due = await duePayments(at, batchMax)
  const expire = { type: 'ExpirePayment', data: { at } } as const
  await Promise.all(due.map((id) => payments.handle(id, expire, { actor: 'expirePayments' })))
  return due.length
}
