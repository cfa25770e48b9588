// The host of the tills: who sends, whether it may, and which rule answers; signed where the terminal has a key.
import type { TillHandler, TillRequest } from '../listener/handler.ts'
import { signed } from '../mac.ts'
import type { Fields, Message } from '../message.ts'
import { answerMti } from '../mti.ts'
import { authorize } from './authorize.ts'
import { code } from './codes.ts'
import { complete } from './complete.ts'
import { identify } from './identify.ts'
import type { HostAnswer, HostPorts, MessageHandler, Till } from './ports.ts'
import { reconcile } from './reconcile.ts'
import { refund } from './refund.ts'
import { reverse } from './reverse.ts'
import { signOn } from './signOn.ts'
import { upload } from './upload.ts'

const sale = '00'
const refunding = '20'

/** By the first two digits of DE3. */
const byProcessingCode =
  (handlers: Readonly<Record<string, MessageHandler>>): MessageHandler =>
  async (message, till, ports) => {
    const processingCode = message.fields[3]
    if (processingCode === undefined) return { responseCode: code.formatError }
    const handler = handlers[processingCode.slice(0, 2)]
    return handler ? handler(message, till, ports) : { responseCode: code.invalidTransaction }
  }

const financial = byProcessingCode({ [sale]: authorize, [refunding]: refund })
const advice = byProcessingCode({ [sale]: complete, [refunding]: refund })
const holding = byProcessingCode({ [sale]: authorize })

/** A repeat (fourth digit 1) is handled as the first: what it names is known by then. */
const handlers: Readonly<Record<string, MessageHandler>> = {
  '0100': holding,
  '0200': financial,
  '0220': advice,
  '0320': upload,
  '0400': reverse,
  '0420': reverse,
  '0500': reconcile,
  '0520': reconcile,
  '0800': signOn,
}

/** What an answer repeats of its request: never anything of the card. */
const echoed = [3, 4, 7, 11, 12, 13, 24, 25, 41, 42, 49, 50, 70]

export const tillHandler =
  (ports: HostPorts): TillHandler =>
  async (request) => {
    const mti = answerMti(request.message.mti)
    if (mti === undefined) return undefined // an answer, to nothing we asked
    const till = await identify(request, ports)
    const answer =
      typeof till === 'string' ? refusal(till, ports) : await answerTo(request.message, till, ports)
    return encoded(answerMessage(mti, request.message.fields, answer), request, till, ports)
  }

function refusal(responseCode: string, { refused }: HostPorts): HostAnswer {
  refused(responseCode === code.securityError ? 'mac_wrong' : 'not_permitted')
  return { responseCode }
}

function answerTo(message: Message, till: Till, ports: HostPorts): Promise<HostAnswer> {
  const handler = handlers[`${message.mti.slice(0, 3)}0`]
  if (handler !== signOn) ports.seen(till.id)
  return handler ? handler(message, till, ports) : Promise.resolve({ responseCode: code.invalidTransaction })
}

function answerMessage(mti: string, request: Fields, { responseCode, fields }: HostAnswer): Message {
  const same = echoed.filter((de) => request[de] !== undefined).map((de) => [de, request[de]!])
  return { mti, fields: { ...Object.fromEntries(same), ...fields, 39: responseCode } }
}

function encoded(
  answer: Message,
  { connection: { codec } }: TillRequest,
  till: Till | string,
  { macKeyOf }: HostPorts,
): Uint8Array {
  const generation = typeof till === 'string' ? undefined : till.terminal.macGeneration
  if (generation !== undefined) return signed(answer, codec, macKeyOf((till as Till).id, generation))
  const plain = codec.encode(answer)
  if (!plain.ok) throw new Error(`an answer that cannot be written: ${plain.code} in DE${plain.de}`)
  return plain.bytes
}
