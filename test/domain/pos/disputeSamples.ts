// Named samples of disputes, of the payment at a petrol pump.
import type { DisputeCommand, DisputeEvent } from '../../../src/domain/pos/cardDisputes.ts'
import { at, vnd } from './cardSamples.ts'

const receipt = { kind: 'receipt', documentHash: 'ab'.repeat(32), submittedAt: at(12) } as const

export const open = (amount: string, disputeId = 'dsp_1'): DisputeCommand => ({
  type: 'OpenDispute',
  data: { disputeId, amount: vnd(amount), reason: 'fraud', openedAt: at(11) },
})
export const opened = (amount: string, disputeId = 'dsp_1'): DisputeEvent => ({
  type: 'DisputeOpened',
  data: { disputeId, amount: vnd(amount), reason: 'fraud', openedAt: at(11) },
})
export const openedFully: DisputeEvent = {
  type: 'DisputeOpened',
  data: {
    disputeId: 'dsp_1',
    amount: vnd('1350000'),
    reason: 'not_received',
    respondBy: '2026-03-15',
    openedAt: at(11),
  },
}
export const submit: DisputeCommand = { type: 'SubmitEvidence', data: { disputeId: 'dsp_1', ...receipt } }
export const submitted: DisputeEvent = {
  type: 'DisputeEvidenceSubmitted',
  data: { disputeId: 'dsp_1', ...receipt },
}
export const submittedDocument = (documentHash: string): DisputeEvent => ({
  type: 'DisputeEvidenceSubmitted',
  data: { disputeId: 'dsp_1', ...receipt, documentHash },
})
export const win: DisputeCommand = { type: 'WinDispute', data: { disputeId: 'dsp_1', at: at(13) } }
export const won = (amount: string): DisputeEvent => ({
  type: 'DisputeWon',
  data: { disputeId: 'dsp_1', amount: vnd(amount), wonAt: at(13) },
})
export const lose: DisputeCommand = { type: 'LoseDispute', data: { disputeId: 'dsp_1', at: at(13) } }
export const lost = (amount: string): DisputeEvent => ({
  type: 'DisputeLost',
  data: { disputeId: 'dsp_1', amount: vnd(amount), lostAt: at(13) },
})
