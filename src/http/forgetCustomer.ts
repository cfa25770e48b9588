// Forgets who a biller's customer is: destroys the key of the name, phone and address on all of its bills, and records that it did.
import { customerKey } from '../domain/bills/customer.ts'
import type { Outcome } from '../domain/core/commandHandling.ts'
import type { Metadata } from '../domain/core/eventStore.ts'
import { customerId } from '../domain/core/ids.ts'
import type { Erasure, Services } from './services.ts'

type Ports = Pick<Services, 'crypto' | 'now'> & {
  readonly erasure: Erasure
  readonly gateway: Pick<Services['gateway'], 'customers'>
  readonly readModels: Pick<Services['readModels'], 'hasBills'>
  readonly settings: Pick<Services['settings'], 'masterKey'>
}
type Customers = Services['gateway']['customers']
type CustomerState = Awaited<ReturnType<Customers['load']>>['state']

/** The biller and its code of the customer, as `customerCodeKey` gives it. */
type Customer = { readonly billerId: string; readonly customerCode: string }

export const customerIdOf = (
  { billerId, customerCode }: Customer,
  { crypto, settings }: Pick<Ports, 'crypto' | 'settings'>,
): string => customerId(crypto.hmac(settings.masterKey, 'customer\0', billerId, '\0', customerCode))

/**
 * The key goes first: what is recorded is true however this ends, and doing it again after a crash records what was done.
 * Undefined for a customer of whom there is neither a key nor a bill. Throws StoreBusy where it must be asked again.
 */
export async function forgetCustomer(
  customer: Customer,
  metadata: Metadata,
  ports: Ports,
): Promise<Outcome<CustomerState, never> | undefined> {
  const { gateway, erasure, now } = ports
  const id = customerIdOf(customer, ports)
  const { billerId, customerCode } = customer
  const key = customerKey(billerId, customerCode)
  const { state, commands } = await gateway.customers.load(id)
  const forgottenAt = now().toISOString()
  const forget = (times: number) => {
    const data = { billerId, times, forgottenAt }
    return gateway.customers.handle(id, { type: 'ForgetCustomer', data }, metadata)
  }
  if (metadata.commandId !== undefined && commands.has(metadata.commandId)) return forget(0) // answered before
  const known = state.status !== 'new' || erasure.has(key) || (await hasBills(customer, ports))
  return known ? forget(erasure.drop(key, forgottenAt)) : undefined
}

const hasBills = ({ billerId, customerCode }: Customer, { readModels }: Ports): Promise<boolean> =>
  readModels.hasBills(billerId, customerCode)
