// A mandate: a payer's bank or wallet pays a biller's bills by itself, within a cap and after a notice, until it is paused or canceled.
import { accept, type Decision, reject } from '../core/decider.ts'
import { decideDebit, isDebitCommand, skipAnnounced } from './debit.ts'
import { evolveDebit, isDebitEvent } from './evolveDebit.ts'
import type {
  Mandate,
  MandateCommand,
  MandateEvent,
  MandateRejection,
  OpenedMandate,
  RegistrationOutcome,
} from './mandateEvents.ts'
import { partiesOf, reasonCode } from './parties.ts'
import { nextAsk, registrationEnds } from './times.ts'

type MandateDecision = Decision<MandateEvent, MandateRejection>

export const initialState = (): Mandate => ({ status: 'new' })

export function decide(command: MandateCommand, state: Mandate): MandateDecision {
  if (command.type === 'RequestMandate')
    return state.status === 'new'
      ? accept({ type: 'MandateRequested', data: command.data })
      : reject('mandate_exists')
  if (state.status === 'new') return reject('mandate_not_found')
  if (isDebitCommand(command)) return decideDebit(command, state)
  const { type, data } = command
  switch (type) {
    case 'RecordRegistration':
      return register(data.outcome, data.at, state)
    case 'PauseMandate':
      return pause(data.at, state)
    case 'ResumeMandate':
      return resume(data.at, state)
    case 'CancelMandate':
      return cancel(data.at, state)
  }
}

/** The first answer stands; while there is none, the bank is asked less and less often, for two days. */
function register(outcome: RegistrationOutcome, at: string, mandate: OpenedMandate): MandateDecision {
  if (mandate.status !== 'requested') return accept()
  const parties = partiesOf(mandate)
  const declined = (reason: string): MandateDecision =>
    accept({ type: 'MandateDeclined', data: { ...parties, reason: reasonCode(reason), declinedAt: at } })
  switch (outcome.status) {
    case 'active':
      if (!/^\d{4}$/.test(outcome.last4)) return declined('answer_malformed')
      return accept({ type: 'MandateActivated', data: { ...parties, last4: outcome.last4, activatedAt: at } })
    case 'declined':
      return declined(outcome.reason)
    case 'pending': {
      if (Date.parse(at) >= Date.parse(registrationEnds(mandate.requestedAt))) return declined('not_answered')
      const { asks, askAt } = mandate
      if (askAt !== undefined && Date.parse(at) < Date.parse(askAt)) return accept() // asked just now, by another process
      const pending = { asks: asks + 1, pendingAt: at, askAt: nextAsk(at, asks) }
      return accept({ type: 'MandatePending', data: { ...parties, ...pending } })
    }
  }
}

function pause(at: string, mandate: OpenedMandate): MandateDecision {
  if (mandate.status === 'paused') return accept()
  if (mandate.status !== 'active') return reject(inactive(mandate))
  return accept({ type: 'MandatePaused', data: { ...partiesOf(mandate), pausedAt: at } })
}

function resume(at: string, mandate: OpenedMandate): MandateDecision {
  if (mandate.status === 'active') return accept()
  if (mandate.status !== 'paused') return reject(inactive(mandate))
  return accept({ type: 'MandateResumed', data: { ...partiesOf(mandate), resumedAt: at } })
}

const inactive = ({ status }: OpenedMandate): MandateRejection =>
  status === 'requested' ? 'mandate_not_active' : 'mandate_ended'

/** For ever. A debit that the bank was asked for already goes its way. */
function cancel(at: string, mandate: OpenedMandate): MandateDecision {
  if (mandate.status === 'canceled') return accept()
  if (mandate.status === 'declined') return reject('mandate_ended')
  const data = { ...partiesOf(mandate), by: 'merchant', canceledAt: at } as const
  return accept<MandateEvent>({ type: 'MandateCanceled', data }, ...skipAnnounced(mandate, at))
}

export function evolve(state: Mandate, event: MandateEvent): Mandate {
  if (event.type === 'MandateRequested')
    return { ...event.data, status: 'requested', asks: 0, debits: new Map() }
  if (state.status === 'new') return state
  if (isDebitEvent(event)) return evolveDebit(state, event)
  const { askAt: _, ...mandate } = state
  switch (event.type) {
    case 'MandatePending':
      return { ...mandate, asks: event.data.asks, askAt: event.data.askAt }
    case 'MandateActivated':
      return { ...mandate, status: 'active', last4: event.data.last4 }
    case 'MandateDeclined':
      return { ...mandate, status: 'declined', reason: event.data.reason }
    case 'MandatePaused':
      return { ...mandate, status: 'paused' }
    case 'MandateResumed':
      return { ...mandate, status: 'active' }
    case 'MandateCanceled':
      return { ...mandate, status: 'canceled', canceledBy: event.data.by }
  }
}
