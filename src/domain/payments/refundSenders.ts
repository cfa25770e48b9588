// To whom a payment by QR can be paid back: the credits whose sender's account the bank has named.
import type { Gateway } from '../gateway.ts'
import type { OpenedQrPayment } from './qrPayment.ts'

/** Ids of those credits. */
export async function sendersOf(
  { credits }: OpenedQrPayment,
  gateway: Pick<Gateway, 'credits'>,
): Promise<string[]> {
  const ids = [...credits.keys()]
  const loaded = await Promise.all(ids.map((creditId) => gateway.credits.load(creditId)))
  return ids.filter((_, index) => {
    const { state } = loaded[index]!
    return state.status !== 'new' && state.payerHash !== undefined
  })
}
