// The bank of the seeded city: tells of each transfer as a connector does, and the money is applied to its payment.

import * as connector from '../../../domain/connectors/connector.ts'
import type { Chance } from '../../../domain/core/chance.ts'
import { newConnectorId } from '../../../domain/core/ids.ts'
import type { RegisteredMerchant } from '../../../domain/merchants/merchant.ts'
import * as credit from '../../../domain/payments/credit.ts'
import { applyCredit } from '../../../domain/payments/matchCredit.ts'
import type { Payment } from '../../../domain/payments/payment.ts'
import * as payment from '../../../domain/payments/payment.ts'
import { transferText } from '../../../domain/payments/reference.ts'
import type { Vault } from '../../../http/services.ts'
import { creditIdOf, originalOf } from '../../../http/takeNotification.ts'
import { nodeCrypto } from '../crypto.ts'
import { instant, opened } from './places.ts'
import type { PlannedPayment } from './plan.ts'
import type { Entity, Recorder } from './recorder.ts'

export type Bank = ReturnType<typeof bankOf>

type Ports = {
  readonly recorder: Recorder
  readonly vault: Vault
  readonly chance: Chance
  readonly openedAt: number
}

/** Registers the bank's connector. */
export function bankOf({ recorder, vault, chance, openedAt }: Ports) {
  const connectorId = newConnectorId(chance)
  const data = { kind: 'vietqr-bank', name: 'Ngân hàng Hà Nội', registeredAt: instant(openedAt) } as const
  recorder.record(
    opened(`connector-${connectorId}`, connector),
    connector,
    { type: 'RegisterConnector', data },
    openedAt,
  )
  const utf8 = new TextEncoder()

  const creditIdFor = (reference: string): string =>
    creditIdOf(connectorId, transactionOf(reference), nodeCrypto)

  function take(
    { reference, amount, endedAt }: PlannedPayment,
    { settlementAccount: { bankBin, accountNumber } }: RegisteredMerchant,
    paid: Entity<Payment>,
  ): void {
    const creditId = creditIdFor(reference)
    const money = { amount: String(amount), currency: 'VND' } as const
    const said = { transactionId: transactionOf(reference), bankBin, accountNumber }
    const body = { ...said, ...money, content: transferText(reference), occurredAt: instant(endedAt) }
    const raw = utf8.encode(JSON.stringify(body))
    const original = originalOf(connectorId, raw, { vault, now: () => new Date(endedAt) })
    const received = {
      ...{ connectorId, ...said, amount: money, references: [reference] },
      ...original,
      occurredAt: instant(endedAt),
    }
    const entity = opened(`credit-${creditId}`, credit)
    recorder.record(entity, credit, { type: 'ReceiveCredit', data: received }, endedAt, {
      actor: connectorId,
    })
    const [command, metadata] = applyCredit(creditId, received)
    recorder.record(paid, payment, command, endedAt, metadata)
  }

  return { credit: take, creditIdFor }
}

/** The bank's own number of a transfer. */
const transactionOf = (reference: string): string => `FT${reference}`
