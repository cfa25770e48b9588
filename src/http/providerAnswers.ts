// What each provider wants to hear about its callback: its own words and codes, byte for byte.
import type { ProviderKind } from '../domain/connectors/providers.ts'
import type { Reply } from './endpoint.ts'

/** How a callback ended. The last three are for VNPAY, which wants to know. */
export type Verdict =
  | 'taken'
  | 'repeated'
  | 'declined'
  | 'forged'
  | 'failed'
  | 'order_unknown'
  | 'amount_differs'
  | 'already_paid'

const ok = (body: object | null): Reply => ({ status: body ? 200 : 204, body })

const vnpayWords = {
  taken: ['00', 'Confirm Success'],
  declined: ['00', 'Confirm Success'],
  repeated: ['02', 'Order already confirmed'],
  already_paid: ['02', 'Order already confirmed'],
  order_unknown: ['01', 'Order not Found'],
  amount_differs: ['04', 'Invalid amount'],
  forged: ['97', 'Invalid Checksum'],
  failed: ['99', 'Unknown error'],
} as const satisfies Record<Verdict, readonly [string, string]>

const zalopayWords: Partial<Record<Verdict, readonly [number, string]>> = {
  repeated: [2, 'duplicate'],
  forged: [-1, 'mac not equal'],
  failed: [0, 'not taken, please call again'],
}

const refused = (verdict: Verdict): boolean => verdict === 'forged' || verdict === 'failed'

/** The answer, or undefined where the provider has no words of its own for it: a problem says it then. */
export function answerTo(kind: ProviderKind, verdict: Verdict): Reply | undefined {
  switch (kind) {
    case 'vnpay': {
      const [RspCode, Message] = vnpayWords[verdict]
      return { ...ok({ RspCode, Message }), headers: { 'cache-control': 'no-store' } } // it came by GET
    }
    case 'zalopay': {
      const [return_code, return_message] = zalopayWords[verdict] ?? [1, 'success']
      return ok({ return_code, return_message })
    }
    case 'momo':
      return refused(verdict) ? undefined : ok(null)
    case 'payos':
      return refused(verdict) ? undefined : ok({ success: true })
  }
}
