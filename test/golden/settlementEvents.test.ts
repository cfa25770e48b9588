// Golden files of the events of settlement: closing, payouts, cuts, and what a merchant sets about them.
import { expect, test } from 'vitest'
import type { MerchantEvent } from '../../src/domain/merchants/merchant.ts'
import type { CutEvent } from '../../src/domain/settlement/cut.ts'
import type { SettlementEvent } from '../../src/domain/settlement/settlement.ts'
import { account, at, closing, first, told, withoutAccount } from '../domain/settlement/samples.ts'

const place = { cutOff: '24:00', cutAt: '2026-11-22T17:00:00.000Z', position: '0000000000000042' }
const cut = { number: 8, businessDate: '2026-11-22', final: true }
const samples: readonly (readonly [string, SettlementEvent | CutEvent | MerchantEvent])[] = [
  ['SettlementClosed', { type: 'SettlementClosed', data: withoutAccount }],
  ['SettlementClosed.full', { type: 'SettlementClosed', data: closing }],
  ['PayoutRequested', { type: 'PayoutRequested', data: first }],
  ['PayoutAccepted', { type: 'PayoutAccepted', data: told }],
  ['PayoutSettled', { type: 'PayoutSettled', data: told }],
  ['PayoutRejected', { type: 'PayoutRejected', data: { ...told, reason: 'AC04' } }],
  ['PayoutRejected.returned', { type: 'PayoutRejected', data: { ...told, reason: 'AC04', returned: true } }],
  ['SettlementCutTaken', { type: 'SettlementCutTaken', data: { ...cut, places: [place], takenAt: at } }],
  ['SettlementCutCompleted', { type: 'SettlementCutCompleted', data: { ...cut, completedAt: at } }],
  [
    'MerchantSettingsChanged.settlement',
    {
      type: 'MerchantSettingsChanged',
      data: { cutOff: '16:00', payoutCycle: 'T+0', payoutAccount: account, changedAt: at },
    },
  ],
]

test.each(samples)('%s', async (name, event) => {
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
