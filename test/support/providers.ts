// Every provider connected to a test's gateway, and its callbacks sent the way it sends them.
import { type ProviderKind, providerKinds } from '../../src/domain/connectors/providers.ts'
import { credentials } from './callbacks.ts'
import { type Answer, operatorKey, type TestGateway } from './gateway.ts'

type Caller = Pick<TestGateway, 'call'>

/** Connects one; `changes` are to what the operator says. */
export const connect = ({ call }: Caller, kind: ProviderKind, changes: object = {}): Promise<Answer> =>
  call('POST', '/v1/connectors', {
    key: operatorKey,
    body: { kind, name: kind, ...credentials[kind], ...changes },
  })

/** Connects all; the ids of their connectors. */
export async function connectAll(
  caller: Caller,
  changes: object = {},
): Promise<Record<ProviderKind, string>> {
  const ids = providerKinds.map(async (kind) => [kind, (await connect(caller, kind, changes)).body.id])
  return Object.fromEntries(await Promise.all(ids))
}

/** Sends a callback as its provider does: VNPAY as a query, the others as a body. */
export function callBack(
  { call }: Caller,
  kind: ProviderKind,
  connector: string,
  text: string,
): Promise<Answer> {
  const path = `/v1/connectors/${connector}/notifications`
  return kind === 'vnpay' ? call('GET', `${path}?${text}`) : call('POST', path, { body: text })
}
