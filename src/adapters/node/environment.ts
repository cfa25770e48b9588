// The environment, read once and checked: what is not said has a default, what is wrong is named.
import { z } from 'zod'

const flag = z.enum(['0', '1'])
const port = z.coerce.number().int().min(0).max(65_535)

/** The pages' policy names the host, so it is one. */
const isTileAddress = (text: string): boolean =>
  /^https?:\/\/[^{}\s/;,]+\/[^\s]*$/.test(text) &&
  URL.canParse(text) &&
  ['{z}', '{x}', '{y}'].every((place) => text.includes(place))

const Environment = z
  .object({
    PORT: port.default(8080),
    HOST: z.string().default('127.0.0.1'),
    ACQUIRER_CONNECTOR: z.string().optional(),
    ACQUIRER_TIMEOUT_MS: z.coerce.number().int().min(10).max(120_000).optional(),
    ACQUIRER_TLS_CA: z.string().optional(),
    ACQUIRER_TLS_CERT: z.string().optional(),
    ACQUIRER_TLS_KEY: z.string().optional(),
    ISO8583_PORT: port.optional(),
    ISO8583_BCD_PORT: port.optional(),
    ISO8583_HOST: z.string().optional(),
    ISO8583_TLS_CERT: z.string().optional(),
    ISO8583_TLS_KEY: z.string().optional(),
    ISO8583_TLS_CLIENT_CA: z.string().optional(),
    DATA_DIR: z.string().min(1).default('./data'),
    EVENT_STORE: z
      .enum(['sqlite', 'memory', 'eventstoredb'], 'sqlite, memory or eventstoredb')
      .default('sqlite'),
    EVENTSTORE_URL: z.string().optional(),
    DELIVER_WEBHOOKS: flag.optional(),
    READ_MODEL_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'postgresql://user:password@host/database')
      .optional(),
    NODE_ENV: z.string().optional(),
    SANDBOX: flag.optional(),
    DEMO: flag.optional(),
    WEBHOOK_LOOPBACK: flag.optional(),
    DISCLOSURE: z.enum(['on', 'off']).optional(),
    MAP_TILES: z
      .string()
      .refine(isTileAddress, 'https://tile.example/{z}/{x}/{y}.png, with no placeholder in the host')
      .optional(),
    MAP_TILES_ATTRIBUTION: z.string().max(200).optional(),
    OPERATOR_KEY: z
      .string()
      .regex(/^[\x21-\x7e]{8,200}$/, '8 to 200 printable ASCII characters, no spaces')
      .optional(),
    MASTER_KEY: z.string().optional(),
    PUBLIC_URL: z.url().optional(),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
    PAYOUT_ACCOUNT: z
      .string()
      .regex(
        /^\d{6}:[0-9A-Za-z]{1,19}:[^:]{1,70}$/,
        'BIN, account number and name, as 970436:0123456789:CONG TY A',
      )
      .transform((text) => {
        const [bankBin = '', accountNumber = '', accountName = ''] = text.split(':')
        return { bankBin, accountNumber, accountName }
      })
      .optional(),
    ESCHEAT_AFTER_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
    LAG_MAX_MS: z.coerce.number().int().min(1).default(5_000),
    DRAIN_MS: z.coerce.number().int().min(0).max(600_000).default(3_000),
  })
  .refine(
    ({ EVENT_STORE, EVENTSTORE_URL }) => EVENT_STORE !== 'eventstoredb' || EVENTSTORE_URL !== undefined,
    'EVENT_STORE=eventstoredb needs EVENTSTORE_URL, e.g. esdb://localhost:2113?tls=false',
  )
  .refine(
    ({ ISO8583_TLS_CERT, ISO8583_TLS_KEY }) =>
      (ISO8583_TLS_CERT === undefined) === (ISO8583_TLS_KEY === undefined),
    'ISO8583_TLS_CERT and ISO8583_TLS_KEY go together',
  )
  .refine(
    ({ ISO8583_TLS_CERT, ISO8583_TLS_CLIENT_CA }) =>
      ISO8583_TLS_CLIENT_CA === undefined || ISO8583_TLS_CERT !== undefined,
    'ISO8583_TLS_CLIENT_CA needs ISO8583_TLS_CERT: without it nothing would be asked of tills',
  )

export type Environment = Omit<
  z.output<typeof Environment>,
  'SANDBOX' | 'DEMO' | 'NODE_ENV' | 'WEBHOOK_LOOPBACK' | 'DELIVER_WEBHOOKS'
> & {
  readonly sandbox: boolean
  readonly demo: boolean
  readonly webhookLoopback: boolean
  readonly deliverWebhooks: boolean
}

export class EnvironmentInvalid extends Error {
  override name = 'EnvironmentInvalid'
}

/** The sandbox is on unless NODE_ENV is production; the demo merchants come with it. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const result = Environment.safeParse(given)
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new EnvironmentInvalid(`The environment does not fit:\n  ${faults.join('\n  ')}`)
  }
  const { SANDBOX, DEMO, NODE_ENV, WEBHOOK_LOOPBACK, DELIVER_WEBHOOKS, ...rest } = result.data
  const sandbox = SANDBOX === undefined ? NODE_ENV !== 'production' : SANDBOX === '1'
  const webhookLoopback = WEBHOOK_LOOPBACK === undefined ? sandbox : WEBHOOK_LOOPBACK === '1'
  const deliverWebhooks = DELIVER_WEBHOOKS !== '0'
  return { ...rest, sandbox, demo: sandbox && DEMO !== '0', webhookLoopback, deliverWebhooks }
}
