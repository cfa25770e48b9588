// What the terminal shows after a start: where to look, the keys that were made, and one QR to pay.

import type { DemoShop } from '../../http/demo.ts'
import { demoCustomers } from '../../http/demoBills.ts'
import { requestQrPayment } from '../../http/qrRequest.ts'
import { qrTerminal } from '../qrcode/picture.ts'
import { nodeCrypto } from './crypto.ts'
import type { RunningGateway } from './server.ts'

export async function welcome(gateway: RunningGateway): Promise<string> {
  const { url, shops, newOperatorKey } = gateway
  const operator = newOperatorKey
    ? `Operator key, shown this once (or set OPERATOR_KEY):\n  ${newOperatorKey}\n\n`
    : ''
  const links = `Thu Ngân is open.\n\n  ${url}/         start here\n  ${url}/sandbox  pay as a bank app would\n  ${url}/docs     the API\n\n`
  const shop = shops[0]
  return (
    links +
    operator +
    (shop ? (await demoSale(gateway, shop)) + keys(shops) + bills(url) : '') +
    tills(gateway)
  )
}

/** Where tills connect, and the one that may at once. */
function tills({ tillPorts, shops }: RunningGateway): string {
  if (tillPorts.length === 0) return ''
  const till = shops.find(({ till }) => till)?.till
  const demo = till
    ? `\n  a demo till: DE41 ${till.terminalId}, DE42 ${till.cardAcceptorId}; an example to paste is in README.md`
    : ''
  return `Tills connect by ISO 8583 over TCP: port ${tillPorts.join(', ')}${demo}\n\n`
}

const keys = (shops: readonly DemoShop[]): string =>
  `Demo shops (sandbox only; DEMO=0 leaves them out):\n${shops
    .map(({ name, siteId, apiKey }) => `  ${name}\n    site ${siteId}  key ${apiKey}`)
    .join('\n')}\n\n`

const bills = (url: string): string =>
  `Demo bills: ${url}/bills, customer codes ${demoCustomers.join(', ')}\n\n`

/** One sale of the first shop, waiting to be paid. */
async function demoSale(
  { services, url }: RunningGateway,
  { merchantId, siteId, name }: DemoShop,
): Promise<string> {
  const { body } = await requestQrPayment(
    { siteId, method: 'qr', amount: '125000', currency: 'VND', expiresInSeconds: 3600 },
    { keyId: 'key_demo', role: 'merchant', merchantId },
    { chance: (_purpose, size) => nodeCrypto.random(size) },
    { actor: 'demo' },
    services,
  )
  const { qr, checkoutUrl } = body as { qr: { payload: string }; checkoutUrl: string }
  const pay = `curl -s ${url}/v1/sandbox/pay -H 'content-type: application/json' \\\n    -d '{"qrPayload":"${qr.payload}"}'`
  return `${name} asks for 125,000 đ:\n\n${await qrTerminal(qr.payload)}\n  see it  ${checkoutUrl}\n  pay it  ${pay}\n\n`
}
