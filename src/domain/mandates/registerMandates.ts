// By the clock: mandates are registered at the payer's bank, which is asked until it has decided.
import { fromData } from '../core/money.ts'
import type { Gateway } from '../gateway.ts'
import type { DebitConnector } from './debitConnector.ts'
import type { RegistrationOutcome } from './mandateEvents.ts'
import { throwFirst } from './settled.ts'
import { hasCome } from './times.ts'

export type RegistrationPorts = Pick<Gateway, 'mandates'> & {
  readonly connector: DebitConnector
  readonly now: () => Date
  /** Ids of mandates to be registered or asked about at or before an instant; may name some that are decided. */
  readonly dueMandates: (now: string, limit: number) => Promise<readonly string[]>
}

const batchMax = 100

/** Asks banks to take what mandates are due, one batch. A mandate is registered under its id: twice is once. */
export async function registerMandates(ports: RegistrationPorts): Promise<void> {
  const due = await ports.dueMandates(ports.now().toISOString(), batchMax)
  throwFirst(await Promise.allSettled(due.map((mandateId) => register(ports, mandateId))))
}

async function register({ mandates, connector, now }: RegistrationPorts, mandateId: string): Promise<void> {
  const { state } = await mandates.load(mandateId)
  if (state.status !== 'requested' || !hasCome(state.askAt ?? state.requestedAt, now())) return
  const { token, noticeDays } = state
  const registration = { mandateId, token, cap: fromData(state.cap), noticeDays }
  const outcome = await connector.register(registration).catch(() => pending)
  const data = { outcome, at: now().toISOString() }
  await mandates.handle(mandateId, { type: 'RecordRegistration', data }, { actor: 'mandates' })
}

const pending: RegistrationOutcome = { status: 'pending' }
