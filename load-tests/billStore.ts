// A store with many bills, made without a gateway: three to a customer, in the order of their streams, which is the quickest to write.
import { join } from 'node:path'
import { nodeCrypto } from '../src/adapters/node/crypto.ts'
import { newEventId } from '../src/adapters/node/eventIds.ts'
import { masterKey } from '../src/adapters/node/masterKey.ts'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import { sqliteReadModels } from '../src/adapters/sqlite/readModels.ts'
import { sqliteVault } from '../src/adapters/sqlite/vault.ts'
import { billId, billName } from '../src/domain/core/ids.ts'

export const billsACustomer = 3
export const customerCodeOf = (customer: number): string => `PD13${String(customer).padStart(9, '0')}`

const atOnce = 512
const foldedAtOnce = 10_000

/** Appends the bills, their customers sealed, and brings the read models up to them. Nobody else may have the folder open. */
export async function fillStore(dataDir: string, billerId: string, bills: number): Promise<void> {
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
  const vault = sqliteVault(join(dataDir, 'vault.sqlite'), masterKey(dataDir, undefined))
  const ordered = Array.from({ length: bills }, (_, bill) => {
    const id = billId(nodeCrypto.digest(billName(billerId, `HD${bill}`)))
    return `${id} ${bill}`
  }).sort()
  const sealed = sealer(vault, billerId, Math.ceil(bills / billsACustomer))
  const append = (entry: string) => {
    const [id, number] = entry.split(' ') as [string, string]
    const bill = Number(number)
    const customer = Math.floor(bill / billsACustomer)
    const month = 9 + (bill % billsACustomer)
    const data = {
      billerId,
      billNumber: `HD${bill}`,
      customerCode: customerCodeOf(customer),
      period: `2026-${String(month).padStart(2, '0')}`,
      amount: { amount: String(10_000 + bill), currency: 'VND' },
      issuedOn: `2026-${String(month).padStart(2, '0')}-05`,
      dueOn: `2026-${String(month).padStart(2, '0')}-20`,
      customer: sealed(customer),
      uploadId: 'upl_7K3MA9QZXW4F2P8R',
      at: '2026-11-05T03:00:00.000Z',
    }
    const event = { id: newEventId(), type: 'BillIssued', data, metadata: { actor: 'key_7K3MA00000000000' } }
    return store.append(`bill-${id}`, 0, [event])
  }
  for (let at = 0; at < bills; at += atOnce)
    await Promise.all(ordered.slice(at, at + atOnce).map((entry) => append(entry)))
  vault.close()
  const { projector, close } = sqliteReadModels(join(dataDir, 'read-models.sqlite'))
  for (;;) {
    const events = await store.readAll(projector.checkpoint(), foldedAtOnce)
    if (events.length === 0) break
    projector.apply(events)
  }
  close()
  await store.close()
}

/** Each customer is sealed once, and all of them before: what is sealed is what the bills hold. */
function sealer({ prepare, seal }: ReturnType<typeof sqliteVault>, billerId: string, customers: number) {
  const keyName = (customer: number) => `bills of ${billerId} to ${customerCodeOf(customer)}`
  const texts: string[] = []
  for (let first = 0; first < customers; first += atOnce * 8) {
    const some = Array.from({ length: Math.min(atOnce * 8, customers - first) }, (_, at) => first + at)
    prepare(some.map(keyName))
    for (const customer of some)
      texts.push(seal(keyName(customer), JSON.stringify({ name: `Nguyễn Văn ${customer}` })))
  }
  return (customer: number): string => texts[customer]!
}
