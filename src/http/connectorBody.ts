// What an operator says to connect a bank or a provider: each kind with what it needs.
import { z } from '@hono/zod-openapi'
import { acquirerKind, type bankKinds, connectorKinds } from '../domain/connectors/connector.ts'
import { type ProviderKind, providers } from '../domain/connectors/providers.ts'
import { text } from './schemas.ts'

/** Printable ASCII: whatever a provider hands out as an id or a key. */
const credential = z.string().regex(/^[\x21-\x7e]{1,200}$/, '1 to 200 printable ASCII characters, no spaces.')

/** Also asked about what is no address at all, and says no. */
function isPlain(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && url.username + url.password + url.search + url.hash === ''
}

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'A web address.' })
  .max(200)
  .refine(isPlain, 'No user, password, query or fragment.')
  .transform((value) => value.replace(/\/+$/, ''))
  .optional()
  .openapi({
    description: "The provider's API; its sandbox or live address unless said. https, also in tests.",
  })

const name = text(140)

const bankBody = (kind: (typeof bankKinds)[number]) => z.strictObject({ kind: z.literal(kind), name })

function providerBody<K extends ProviderKind>(kind: K) {
  const credentials = Object.fromEntries(providers[kind].credentials.map((key) => [key, credential]))
  return z.strictObject({ kind: z.literal(kind), name, baseUrl, ...credentials })
}

/** Host name or address; a private one, too: acquirers are reached over leased lines, and only the operator names one. */
const host = z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'A host name or an address.')

const acquirerBody = z.strictObject({
  kind: z.literal(acquirerKind),
  name,
  host: host.openapi({ example: '10.20.0.5' }),
  port: z.int().min(1).max(65_535),
  profile: z.enum(['ascii87', 'bcd87']).default('ascii87').openapi({ description: 'How it writes ISO 8583' }),
  tls: z.boolean().default(true).openapi({ description: 'Outside the sandbox always' }),
})

export const ConnectorBody = z.discriminatedUnion(
  'kind',
  [
    bankBody('vietqr-bank'),
    bankBody('sandbox'),
    providerBody('vnpay'),
    providerBody('momo'),
    providerBody('zalopay'),
    providerBody('payos'),
    acquirerBody,
  ],
  `One of ${connectorKinds.join(', ')}.`,
)
export type ConnectorBody = z.output<typeof ConnectorBody>
