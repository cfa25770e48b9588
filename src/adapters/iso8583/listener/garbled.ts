// The answer to what cannot be handled: with as much of the message as could be read, so that the till knows which one it was.
import type { MessageCodec } from '../codec.ts'
import { answerMti } from '../mti.ts'

export const formatError = '30'
export const malfunction = '96'

const kept = [3, 4, 7, 11, 41, 42]
const stan = 11
const terminal = 41

/** Undefined where the message does not say who sent it and which one it is: such a one is dropped. */
export function refuse(
  bytes: Uint8Array,
  responseCode: string,
  { inspect, encode }: Pick<MessageCodec, 'inspect' | 'encode'>,
): Uint8Array | undefined {
  const { mti, parts } = inspect(bytes)
  const read = new Map(parts.map(({ de, value }) => [de, value]))
  const answer = answerMti(mti)
  if (answer === undefined || !read.has(stan) || !read.has(terminal)) return undefined
  const echoed = kept.filter((de) => read.has(de)).map((de) => [de, read.get(de)!])
  const encoded = encode({ mti: answer, fields: { ...Object.fromEntries(echoed), 39: responseCode } })
  return encoded.ok ? encoded.bytes : undefined
}
