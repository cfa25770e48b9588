// Puts unapplied money on the payment that a person names. Two streams: the credit reserves, the payment takes, the credit concludes.
import type { HandleOptions, Outcome } from '../core/commandHandling.ts'
import type { Metadata } from '../core/eventStore.ts'
import { type MoneyData, toData } from '../core/money.ts'
import type { Gateway } from '../gateway.ts'
import type { CreditRejection, CreditState, ReceivedCredit } from './credit.ts'
import type { Application } from './creditEnds.ts'
import { MatchingBusy } from './matchCredit.ts'
import { asQrPayment, decide, type PaymentRejection } from './payment.ts'

type Ports = Pick<Gateway, 'payments' | 'credits'>

type Wish = {
  readonly creditId: string
  readonly applicationId: string
  readonly paymentId: string
  readonly reason?: string
  readonly requestedAt: string
}

type ApplyRejection = PaymentRejection | CreditRejection
type ApplyOutcome =
  | { readonly ok: true; readonly application: Application; readonly replayed: boolean }
  | Extract<Outcome<never, ApplyRejection>, { ok: false }>

/** The application, concluded; or why nothing was moved. What the payment would refuse is refused before anything is written. */
export async function applyUnapplied(
  ports: Ports,
  { creditId, ...application }: Wish,
  metadata: Metadata,
  options: HandleOptions = {},
): Promise<ApplyOutcome> {
  const { state, version, commands } = await ports.credits.load(creditId)
  const repeated = metadata.commandId !== undefined && commands.has(metadata.commandId)
  const refusal = repeated ? undefined : await wouldRefuse(ports, creditId, state, application)
  if (refusal) return { ok: false, rejection: refusal, version }
  const command = { type: 'RequestApplication', data: application } as const
  const outcome = await ports.credits.handle(creditId, command, metadata, options)
  if (!outcome.ok) return outcome
  const concluded = await concludeApplication(ports, creditId, application.applicationId)
  if (concluded.status === 'refused')
    return { ok: false, rejection: concluded.refusal as ApplyRejection, version: outcome.version }
  return { ok: true, application: concluded, replayed: outcome.replayed }
}

async function wouldRefuse(
  { payments }: Ports,
  creditId: string,
  credit: CreditState,
  { paymentId, applicationId, requestedAt }: Omit<Wish, 'creditId'>,
): Promise<ApplyRejection | undefined> {
  if (credit.status === 'new') return 'credit_not_found'
  if (credit.unapplied.minor === 0n) return 'credit_not_unapplied'
  const { state } = await payments.load(paymentId)
  const offered = offer(creditId, credit, { applicationId, requestedAt, amount: toData(credit.unapplied) })
  const decision = decide(offered, state)
  return decision.accepted ? undefined : decision.rejection
}

/** Carries an application to its end, from wherever it was cut off. */
export async function concludeApplication(
  ports: Ports,
  creditId: string,
  applicationId: string,
): Promise<Application> {
  const { state: credit } = await ports.credits.load(creditId)
  const application = credit.status === 'new' ? undefined : credit.applications.get(applicationId)
  if (credit.status === 'new' || !application) throw new Error(`${creditId} knows no ${applicationId}`)
  if (application.status !== 'requested') return application
  const result = await offerToPayment(ports, creditId, credit, application)
  const conclude = { type: 'ConcludeApplication', data: { applicationId, ...result } } as const
  const outcome = await ports.credits.handle(creditId, conclude, processMetadata(applicationId))
  if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(creditId)
  const after = outcome.ok && outcome.state.status !== 'new' && outcome.state.applications.get(applicationId)
  if (!after) throw new Error(`${applicationId} of ${creditId} cannot be concluded`)
  return after
}

type Answer = { readonly applied: MoneyData } | { readonly refusal: string }

async function offerToPayment(
  { payments }: Ports,
  creditId: string,
  credit: ReceivedCredit,
  { applicationId, paymentId, amount, requestedAt }: Application,
): Promise<Answer> {
  const command = offer(creditId, credit, { applicationId, requestedAt, amount: toData(amount) })
  const outcome = await payments.handle(paymentId, command, processMetadata(applicationId))
  if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(paymentId)
  if (!outcome.ok) return { refusal: outcome.rejection }
  const taken = asQrPayment(outcome.state)?.applications.get(applicationId)
  if (!taken) throw new Error(`${paymentId} took ${applicationId} and does not hold it`)
  return { applied: toData(taken) }
}

const processMetadata = (applicationId: string): Metadata => ({
  actor: 'applyUnapplied',
  correlationId: applicationId,
})

type Offered = { readonly applicationId: string; readonly requestedAt: string; readonly amount: MoneyData }

const offer = (
  creditId: string,
  { connectorId, bankBin, accountNumber, payerHash, occurredAt, receivedAt }: ReceivedCredit,
  { applicationId, requestedAt, amount }: Offered,
) => {
  const payer = payerHash === undefined ? {} : { payerHash }
  const money = { creditId, connectorId, bankBin, accountNumber, amount, occurredAt, receivedAt, ...payer }
  return { type: 'ApplyUnapplied', data: { ...money, applicationId, appliedAt: requestedAt } } as const
}
