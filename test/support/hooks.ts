// A webhook endpoint that nobody listens at, with a message to deliver again.
import { ask, eventually, type Shop, type TestGateway } from './gateway.ts'

const nobody = 'http://127.0.0.1:9/hooks'
let endpoints = 0

/** The body of a registration, each for another address. */
export const hookBody = () => ({ url: `${nobody}/${++endpoints}` })

export async function openHook(gateway: TestGateway, { key }: Pick<Shop, 'key'>): Promise<string> {
  const made = await gateway.call('POST', '/v1/webhook-endpoints', { key, body: hookBody() })
  if (made.status !== 201) throw new Error(made.text)
  return `/v1/webhook-endpoints/${made.body.id}`
}

/** One that has a message, which could be replayed. */
export async function openToldHook(gateway: TestGateway, shop: Shop): Promise<string> {
  const path = await openHook(gateway, shop)
  await ask(gateway, shop)
  const messages = async () => (await gateway.call('GET', `${path}/messages`, { key: shop.key })).body.data
  await eventually('there is a message', async () => (await messages()).length > 0)
  return path
}
