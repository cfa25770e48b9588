// What tests of mandates need: customers with a mandate, a payers' bank that remembers what it was asked, and the clock's work at once.
import { debiting } from '../../src/adapters/node/tasks.ts'
import type { DebitConnector, DebitOrder } from '../../src/domain/mandates/debitConnector.ts'
import { registerMandates } from '../../src/domain/mandates/registerMandates.ts'
import { runDebits } from '../../src/domain/mandates/runDebits.ts'
import { sandboxDebits } from '../../src/http/sandboxDebits.ts'
import { openBiller } from './billers.ts'
import { eventually, type TestGateway } from './gateway.ts'

export const customerCode = 'PD13000123456'

export const mandateBody = (billerId: string, changes: object = {}) => ({
  billerId,
  customerCode,
  token: 'dbt_9QZXW4F2P8R7K3MA',
  cap: '1000000',
  noticeDays: 3,
  ...changes,
})

/** A mandate that the payer's bank has taken. */
export async function openMandate(
  gateway: TestGateway,
  { billerId, key }: { billerId: string; key: string },
  changes: object = {},
): Promise<string> {
  const body = mandateBody(billerId, changes)
  const { status, body: made, text } = await gateway.call('POST', '/v1/mandates', { key, body })
  if (status !== 201) throw new Error(`no mandate: ${text}`)
  await eventually(`${made.id} is decided`, async () => {
    await runClock(gateway)
    return (await mandateOf(gateway, key, made.id)).status !== 'requested'
  })
  return made.id
}

/** The same, of a biller of its own. */
export async function openMandateOfNewBiller(gateway: TestGateway) {
  const biller = await openBiller(gateway)
  return { ...biller, id: await openMandate(gateway, biller) }
}

export const mandateOf = async ({ call }: Pick<TestGateway, 'call'>, key: string, id: string) =>
  (await call('GET', `/v1/mandates/${id}`, { key })).body

/** What the clock does for mandates, now, with the lists up to date. */
export async function runClock(gateway: TestGateway, connector = sandboxDebits(gateway.services)) {
  await gateway.settled()
  const ports = debiting(gateway.services, connector)
  await registerMandates(ports)
  await runDebits(ports)
}

/** The sandbox's connector, to be opened before its gateway; it remembers what it was asked to debit, and about what. */
export function rememberingDebits() {
  const debited: DebitOrder[] = []
  const asked: DebitOrder[] = []
  let inner: DebitConnector | undefined
  const connector: DebitConnector = {
    register: (registration) => inner!.register(registration),
    debit: (order) => {
      debited.push(order)
      return inner!.debit(order)
    },
    ask: (order) => {
      asked.push(order)
      return inner!.ask(order)
    },
  }
  const over = (gateway: Pick<TestGateway, 'services'>) => {
    inner = sandboxDebits(gateway.services)
  }
  return { connector, debited, asked, over }
}
