// A biller's customer as a person: all that is recorded is that it was forgotten. Its stream is named by a keyed hash of biller and code.
import { accept, type Decision } from '../core/decider.ts'

/** `times`: how often the key of its name, phone and address was destroyed; again after it came back with a new bill. */
type Forgotten = { readonly billerId: string; readonly times: number; readonly forgottenAt: string }

export type CustomerCommand = { readonly type: 'ForgetCustomer'; readonly data: Forgotten }
export type CustomerEvent = { type: 'CustomerForgotten'; data: Forgotten }
export type CustomerState = { readonly status: 'new' } | (Forgotten & { readonly status: 'forgotten' })

export const initialState = (): CustomerState => ({ status: 'new' })

export function decide({ data }: CustomerCommand, state: CustomerState): Decision<CustomerEvent, never> {
  if (state.status === 'forgotten' && state.times >= data.times) return accept()
  return accept({ type: 'CustomerForgotten', data })
}

export const evolve = (_state: CustomerState, { data }: CustomerEvent): CustomerState => ({
  status: 'forgotten',
  ...data,
})

/** The name of the key under which a customer's name, phone and address are sealed: the same on all bills of one biller. */
export const customerKey = (billerId: string, customerCode: string): string =>
  `bills of ${billerId} to ${customerCode}`
