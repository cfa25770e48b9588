// A provider's callback: signature, reading, the same road as a bank's notification, and the answer in the provider's words.
import type { RegisteredConnector } from '../domain/connectors/connector.ts'
import type { Callback } from '../domain/connectors/provider.ts'
import { type ProviderKind, providers } from '../domain/connectors/providers.ts'
import { namedBy } from '../domain/connectors/vnpay.ts'
import { asQrPayment } from '../domain/payments/payment.ts'
import { paymentIdOf } from '../domain/payments/reference.ts'
import type { Reply } from './endpoint.ts'
import { Problem } from './problem.ts'
import { accountOf } from './providerAccount.ts'
import { answerTo, type Verdict } from './providerAnswers.ts'
import { providerTools } from './providerTools.ts'
import { callbackOf, readOfProvider } from './readNotification.ts'
import type { Services } from './services.ts'
import { originalOf, setAside, takeArrival } from './takeNotification.ts'

type From = { readonly connectorId: string; readonly kind: ProviderKind }

/** Answers a callback. Whatever goes wrong is said in the provider's words too, so that it calls again. */
export async function answerCallback(
  connectorId: string,
  kind: ProviderKind,
  connector: RegisteredConnector,
  raw: Uint8Array,
  services: Services,
): Promise<Reply> {
  const callback = signedCallback(kind, connector, raw, services)
  if (!callback) return answerTo(kind, 'forged') ?? fail(new Problem('signature_invalid', { detail: forged }))
  try {
    const verdict = await take({ connectorId, kind }, callback, raw, services)
    return answerTo(kind, verdict) as Reply
  } catch (error) {
    const answer = answerTo(kind, 'failed')
    if (!answer) throw error
    if (!(error instanceof Problem))
      services.log.error({ err: error, connectorId }, 'a callback could not be taken; it will come again')
    return answer
  }
}

const forged = "Sign as the provider documents, with the connector's credentials."

const fail = (problem: Problem): never => {
  throw problem
}

/** The callback, if it is signed by who holds the connector's credentials. */
function signedCallback(
  kind: ProviderKind,
  connector: RegisteredConnector,
  raw: Uint8Array,
  { vault, crypto }: Services,
): Callback | undefined {
  const callback = callbackOf(kind, raw)
  const account = callback && accountOf(connector, vault)
  if (!account) return undefined
  return providers[kind].isSigned(callback, account.credentials, providerTools(crypto)) ? callback : undefined
}

async function take(from: From, callback: Callback, raw: Uint8Array, services: Services): Promise<Verdict> {
  const { connectorId, kind } = from
  const reading = readOfProvider(kind, callback, providerTools(services.crypto))
  if (reading.read === 'unreadable') {
    await setAside(connectorId, reading, raw, services)
    throw reading.problem
  }
  const objection = kind === 'vnpay' ? await objectionOf(connectorId, callback, services) : undefined
  if (reading.read === 'declined') {
    await setAside(connectorId, reading, raw, services)
    return objection ?? 'declined'
  }
  const original = originalOf(connectorId, raw, services)
  const { repeated } = await takeArrival(connectorId, reading.arrival, original, services)
  return objection ?? (repeated ? 'repeated' : 'taken')
}

/** What VNPAY wants to hear, in this order, before a callback is counted. Its money is recorded all the same. */
async function objectionOf(
  connectorId: string,
  callback: Callback,
  { gateway }: Services,
): Promise<Verdict | undefined> {
  const { references, amount } = namedBy(callback)
  const [reference] = references
  const payment = asQrPayment((await gateway.payments.load(paymentIdOf(reference ?? ''))).state)
  if (payment?.connectorId !== connectorId) return 'order_unknown'
  if (amount !== payment.amount.amount) return 'amount_differs'
  return payment.status === 'paid' ? 'already_paid' : undefined
}
