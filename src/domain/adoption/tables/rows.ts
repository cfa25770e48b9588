// Which payments, terminals and sites each row of the institutions' tables counts: one small predicate each.

import type { SiteOn } from '../definitions/siteOn.ts'
import type { TerminalOn } from '../definitions/terminalOn.ts'
import { isInService } from '../definitions/terminalOn.ts'
import type { PaymentFact } from './table.ts'

/** Paid in đồng here: domestic. What is paid in other currencies stands in no table of domestic payments. */
export const isDomestic = ({ currency }: PaymentFact): boolean => currency === 'VND'

/** Paid by card at a till, machine or pump. */
export const isCardPayment = (fact: PaymentFact): boolean => isDomestic(fact) && fact.method === 'card'

/** Paid by a transfer that a QR code asked for: in the books of banks a credit transfer. */
export const isQrPayment = (fact: PaymentFact): boolean => isDomestic(fact) && fact.method === 'qr'

const inServiceOf =
  (...kinds: readonly string[]) =>
  (terminal: TerminalOn, day: string): boolean =>
    kinds.includes(terminal.kind) && isInService(terminal, day)

export const isPosTerminal = inServiceOf('pos')
export const isQrDisplay = inServiceOf('qr-display')
export const isUnattended = inServiceOf('pump', 'vending', 'kiosk')
export const isAnyTerminal = (terminal: TerminalOn, day: string): boolean => isInService(terminal, day)

/** A place where a payment by QR has ever been asked for. */
export const isQrPoint = ({ qrSince }: SiteOn, day: string): boolean => qrSince !== null && qrSince <= day
