// Golden files of mandates' events, the shortest and the fullest of each.
import { expect, test } from 'vitest'
import type { MandateEvent } from '../../src/domain/mandates/mandateEvents.ts'
import * as s from '../domain/mandates/samples.ts'

const { agentId } = s
const samples: readonly (readonly [string, MandateEvent])[] = [
  ['MandateRequested', s.requested()],
  ['MandateRequested.full', s.requested({ agentId })],
  ['MandatePending', s.pending(1, '2026-11-05T03:00:02.000Z')],
  ['MandateActivated', s.activated],
  ['MandateDeclined', s.declined()],
  ['MandatePaused', s.paused],
  ['MandateResumed', s.resumed],
  ['MandateCanceled', s.canceled()],
  ['MandateCanceled.bank', s.canceled('bank')],
  ['DebitAnnounced', s.announced()],
  ['DebitAnnounced.full', s.announced({ agentId })],
  ['DebitSkipped', s.skipped('paid_elsewhere')],
  ['DebitRequested', s.debitRequested],
  ['DebitUnknown', s.debitUnknown(1, '2026-11-12T00:00:02.000Z')],
  ['DebitCompleted', s.completed],
  ['DebitDeclined', s.debitDeclined()],
]

test.each(samples)('%s', async (name, event) => {
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
