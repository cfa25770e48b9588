// The sandbox's card issuer: what it answers is decided by the card's token or by the end of the amount, so that each case can be played.
import { base32Number } from '../core/base32.ts'
import type { Money } from '../core/money.ts'
import type { CardFacts } from './cardPaymentEvents.ts'

/** `silence`: no answer ever. `late`: approved, and the answer comes when nobody waits any more. */
export type IssuerAnswer =
  | { readonly kind: 'approved'; readonly amount: Money }
  | { readonly kind: 'declined'; readonly responseCode: string }
  | { readonly kind: 'silence' }
  | { readonly kind: 'late'; readonly amount: Money }

type Behavior = 'approve' | 'partial' | 'silence' | 'late' | `decline ${string}`

/** Test cards, each of which always does the same. */
const cards: Readonly<Record<string, { readonly card: Omit<CardFacts, 'token'>; readonly does: Behavior }>> =
  {
    tok_approve: { card: { scheme: 'visa', first6: '411111', last4: '1111' }, does: 'approve' },
    tok_decline_51: { card: { scheme: 'mastercard', first6: '555555', last4: '4444' }, does: 'decline 51' },
    tok_decline_05: { card: { scheme: 'jcb', first6: '353011', last4: '0000' }, does: 'decline 05' },
    tok_timeout: { card: { scheme: 'visa', first6: '401288', last4: '1881' }, does: 'silence' },
    tok_partial: { card: { scheme: 'amex', first6: '378282', last4: '0005' }, does: 'partial' },
    tok_late_approve: { card: { scheme: 'unionpay', first6: '620000', last4: '0005' }, does: 'late' },
  }

/** The last two digits of an amount in minor units, where the card is none of the test cards. */
const byEnding: Readonly<Record<string, Behavior>> = {
  '51': 'decline 51',
  '05': 'decline 05',
  '91': 'silence',
  '92': 'late',
  '10': 'partial',
}

export const sandboxTokens: readonly string[] = Object.keys(cards)

/** What is known of a test card by its token. */
export function sandboxCard(token: string): CardFacts | undefined {
  const known = Object.hasOwn(cards, token) ? cards[token] : undefined
  return known && { ...known.card, token }
}

export function issuerAnswer(token: string, amount: Money): IssuerAnswer {
  const known = Object.hasOwn(cards, token) ? cards[token]?.does : undefined
  const does = known ?? byEnding[amount.minor.toString().padStart(2, '0').slice(-2)] ?? 'approve'
  switch (does) {
    case 'approve':
      return { kind: 'approved', amount }
    case 'partial':
      return { kind: 'approved', amount: half(amount) }
    case 'silence':
      return { kind: 'silence' }
    case 'late':
      return { kind: 'late', amount }
    default:
      return { kind: 'declined', responseCode: does.slice('decline '.length) }
  }
}

const half = ({ minor, currency }: Money): Money => ({ minor: minor > 1n ? minor / 2n : minor, currency })

/** Six characters that are the same whenever the same transaction is approved. */
export function approvalCodeFor(reference: string, stan: string): string {
  let mixed = 0
  for (const character of reference + stan) mixed = (mixed * 33 + character.charCodeAt(0)) % 0x3fffffff
  return base32Number(mixed, 6)
}
