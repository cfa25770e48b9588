// What the end of a fulfillment means for the money: what came out is taken, the rest is released or goes back.
import { exceeds, isZero, type Money, subtract } from '../core/money.ts'
import { takenBy } from './fulfillment.ts'
import type { Fulfillment } from './fulfillmentEvents.ts'

/** What there is of the payer's money: held by the issuer, or paid and not on its way back. */
export type Funds = { readonly amount: Money; readonly held: boolean }

export type Consequence =
  | { readonly kind: 'capture'; readonly amount: Money }
  | { readonly kind: 'void' }
  | { readonly kind: 'refund'; readonly amount: Money }

/** Undefined where nothing is to be done, or not yet. What is there above what came out goes back: done twice, it is done once. */
export function consequenceOf(fulfillment: Fulfillment, funds: Funds | undefined): Consequence | undefined {
  const taken = takenBy(fulfillment)
  if (!taken || !funds) return undefined
  if (funds.held) return isZero(taken) ? { kind: 'void' } : { kind: 'capture', amount: taken }
  return exceeds(funds.amount, taken) ? { kind: 'refund', amount: subtract(funds.amount, taken) } : undefined
}
