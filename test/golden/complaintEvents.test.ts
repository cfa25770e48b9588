// Golden files of complaints' events, the shortest and the fullest of each.
import { expect, test } from 'vitest'
import type { ComplaintEvent } from '../../src/domain/complaints/complaintEvents.ts'
import {
  corrected,
  defaultResolved,
  opened,
  openedForNothing,
  refunded,
  refundFailed,
  refused,
  resolved,
  said,
} from '../domain/complaints/samples.ts'

const { refund: _, ...nothingOwed } = defaultResolved.data
const samples: readonly (readonly [string, ComplaintEvent])[] = [
  ['ComplaintOpened', openedForNothing],
  ['ComplaintOpened.full', opened({ terminalId: 'ter_9QZXW4F2', text: 'Paid on 22 November' })],
  ['ComplaintEvidenceAdded', said()],
  ['ComplaintResolved', corrected],
  ['ComplaintResolved.full', resolved({ note: 'Booked twice by us' })],
  ['ComplaintRejected', refused],
  ['ComplaintDefaultResolved', { type: 'ComplaintDefaultResolved', data: nothingOwed }],
  ['ComplaintDefaultResolved.full', defaultResolved],
  ['ComplaintRefunded', refunded],
  ['ComplaintRefundFailed', refundFailed(true)],
]

test.each(samples)('%s', async (name, event) => {
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
