// The sandbox's acquirer as a host of ISO 8583: the pretend issuer's answers and the same book, for gateways that connect by TCP.
import type { Money } from '../../../domain/core/money.ts'
import { approvalCodeFor, type IssuerAnswer, issuerAnswer } from '../../../domain/pos/sandboxIssuer.ts'
import type { SandboxLedger } from '../../../domain/pos/sandboxLedger.ts'
import { amountDigits, amountIn, replacementIn } from '../amounts.ts'
import type { TillHandler } from '../listener/handler.ts'
import type { Fields, Message } from '../message.ts'
import { answerMti } from '../mti.ts'
import { readOriginalData } from '../subelements.ts'

type HostPorts = {
  readonly ledger: SandboxLedger
  /** Resolves when a late answer is to be sent. */
  readonly late: () => Promise<unknown>
}

const echoed = [3, 4, 7, 11, 12, 13, 37, 41, 42, 49, 70]

export const sandboxHost =
  (ports: HostPorts): TillHandler =>
  async ({ message, connection: { codec } }) => {
    const mti = answerMti(message.mti)
    if (mti === undefined) return undefined
    const answer = await answerTo(message, ports)
    if (!answer) return undefined
    const same = echoed
      .filter((de) => message.fields[de] !== undefined)
      .map((de) => [de, message.fields[de]!])
    const encoded = codec.encode({ mti, fields: { ...Object.fromEntries(same), ...answer } })
    if (!encoded.ok) throw new Error(`an answer that cannot be written: ${encoded.code} in DE${encoded.de}`)
    return encoded.bytes
  }

const yes: Fields = { 39: '00' }
const formatError: Fields = { 39: '30' }

/** Undefined: nothing is answered. */
async function answerTo({ mti, fields }: Message, ports: HostPorts): Promise<Fields | undefined> {
  if (mti.startsWith('08')) return yes
  const named = nameIn(fields)
  if (!named) return formatError
  const { ledger } = ports
  const isRefund = fields[3]?.startsWith('20')
  switch (mti.slice(0, 3)) {
    case '010':
    case '020':
      if (!isRefund) return authorize(mti, fields, named, ports)
      ledger.refund({ ...named, key: `refunded ${named.key}` })
      return { 38: approvalCodeFor(named.reference, fields[11]!), ...yes }
    case '022':
      if (isRefund) ledger.refund({ ...named, key: `refunded ${named.key}` })
      else ledger.complete({ ...named, amount: taken(fields, named.amount), key: `completed ${named.key}` })
      return yes
    case '040':
    case '042': {
      const original = originalIn(fields, named.reference)
      if (!original) return formatError
      ledger.reverse({ ...named, original })
      return yes
    }
    default:
      return { 39: '12' }
  }
}

type Named = { readonly key: string; readonly reference: string; readonly amount: Money }

function nameIn(fields: Fields): Named | undefined {
  const { 7: sentAt, 11: stan, 37: reference } = fields
  const amount = amountIn(fields)
  if (!amount || !sentAt || !stan || !reference) return undefined
  return { key: `${reference} ${sentAt}${stan}`, reference, amount }
}

async function authorize(
  mti: string,
  fields: Fields,
  named: Named,
  { ledger, late }: HostPorts,
): Promise<Fields | undefined> {
  const repeat = mti[3] === '1'
  const sale = mti.startsWith('02')
  const answer = ledger.request({ ...named, sale }, () => issuerAnswer(fields[48] ?? '', named.amount))
  if (answer.kind === 'silence' || (answer.kind === 'late' && repeat)) return undefined
  if (answer.kind === 'late') await late()
  return said(answer, named, fields[11]!)
}

function said(
  answer: Exclude<IssuerAnswer, { kind: 'silence' }>,
  { reference, amount }: Named,
  stan: string,
): Fields {
  if (answer.kind === 'declined') return { 39: answer.responseCode }
  const approvalCode = approvalCodeFor(reference, stan)
  if (answer.amount.minor === amount.minor) return { 38: approvalCode, 39: '00' }
  return { 4: amountDigits(answer.amount.minor), 38: approvalCode, 39: '10' }
}

/** DE95 where it says, else DE4. */
const taken = (fields: Fields, amount: Money): Money => ({
  ...amount,
  minor: replacementIn(fields) ?? amount.minor,
})

function originalIn(fields: Fields, reference: string): string | undefined {
  const original = fields[90] === undefined ? undefined : readOriginalData(fields[90])
  return original && !('code' in original)
    ? `${reference} ${original.transmittedAt}${original.stan}`
    : undefined
}
