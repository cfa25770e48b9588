// The process matchCredits: whatever a crash cut off between a credit's arrival and its payment is finished here.
import type { Recorded } from '../core/eventStore.ts'
import type { Gateway } from '../gateway.ts'
import type { CreditOutcome } from './credit.ts'
import { MatchingBusy } from './matchCredit.ts'
import type { QrPaymentEvent } from './qrPayment.ts'

type Ports = Pick<Gateway, 'credits'> & {
  readonly matchCredit: (creditId: string) => Promise<CreditOutcome>
}

/** What to do about one event. Doing it again changes nothing. */
export const creditProcess =
  ({ credits, matchCredit }: Ports) =>
  async (event: Recorded): Promise<void> => {
    switch (event.type) {
      case 'CreditReceived':
        await matchCredit(event.stream.slice('credit-'.length))
        return
      case 'PaymentExpired':
      case 'PaymentCanceled': {
        const ended = event as Recorded & Extract<QrPaymentEvent, { type: 'PaymentExpired' }>
        const paymentId = event.stream.slice('payment-'.length)
        for (const { creditId } of ended.data.released) await release(creditId, paymentId, event.id)
      }
    }

    async function release(creditId: string, paymentId: string, causationId: string): Promise<void> {
      const command = { type: 'ReleaseCredit', data: { paymentId } } as const
      const outcome = await credits.handle(creditId, command, { actor: 'matchCredits', causationId })
      if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(creditId)
      if (!outcome.ok) throw new Error(`${creditId} cannot be released: ${outcome.rejection}`)
    }
  }
