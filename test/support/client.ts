// A caller over a real socket: posts and gets JSON, and opens a shop as an operator would.
import { shopSite, supermarket } from './gateway.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers whose shape it is there to check
export type Told = { status: number; body: any; text: string; headers: Headers }

export type Caller = {
  readonly get: (path: string, key?: string) => Promise<Told>
  readonly post: (path: string, key: string, body: object, headers?: Record<string, string>) => Promise<Told>
}

export function callerOf(url: string): Caller {
  const send = async (path: string, init: RequestInit): Promise<Told> => {
    const response = await fetch(url + path, init)
    const text = await response.text()
    return { status: response.status, text, body: JSON.parse(text), headers: response.headers }
  }
  const authorization = (key: string) => ({ ...(key && { authorization: `Bearer ${key}` }) })
  return {
    get: (path, key = '') => send(path, { headers: authorization(key) }),
    post: (path, key, body, headers) =>
      send(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...authorization(key), ...headers },
      }),
  }
}

/** A merchant with one site. */
export async function openShopAt({ post }: Caller, operatorKey: string) {
  const { id, apiKey: key } = (await post('/v1/merchants', operatorKey, supermarket)).body
  const site = await post('/v1/sites', key, shopSite)
  return { merchantId: id as string, key: key as string, siteId: site.body.id as string }
}
