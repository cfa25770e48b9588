// Hostile input in numbers: what every decoder must hold for any bytes. Run small by a test, large by load-tests/iso8583Fuzz.ts.

import { type MessageCodec, messageCodec } from '../../../src/adapters/iso8583/codec.ts'
import { unwrap } from '../../../src/adapters/iso8583/envelope.ts'
import { type FaultCode, faultCodes } from '../../../src/adapters/iso8583/fault.ts'
import { frameSplitter } from '../../../src/adapters/iso8583/framing.ts'
import { readIccData } from '../../../src/adapters/iso8583/iccData.ts'
import { ascii87, bcd87 } from '../../../src/adapters/iso8583/profile.ts'
import { seeded } from '../../simulation/random.ts'
import file from '../../vectors/iso8583-vectors.json' with { type: 'json' }
import { damaged, randomBytes, randomMessage } from './randomMessages.ts'

const codecs = [messageCodec(ascii87), messageCodec(bcd87)]
const known: ReadonlySet<string> = new Set(faultCodes)
const samples: readonly Uint8Array[] = [...file.published, ...file.sanitised, ...file.constructed].map(
  (vector) => ('ascii' in vector ? Buffer.from(vector.ascii, 'latin1') : Buffer.from(vector.hex, 'hex')),
)

type FuzzReport = { readonly accepted: number; readonly faults: ReadonlyMap<FaultCode, number> }

/** Throws at the first message that breaks a promise, naming seed and number. */
export function fuzz(count: number, seed: number): FuzzReport {
  const random = seeded(seed)
  const faults = new Map<FaultCode, number>()
  let accepted = 0
  let previous = samples[0]!
  const split = frameSplitter({ length: 'exclusive', frameMax: 2_000 })
  for (let number = 0; number < count; number++) {
    const codec = random.pick(codecs)
    const bytes = makeBytes(codec, previous, random)
    try {
      const code = check(codec, bytes)
      if (code) faults.set(code, (faults.get(code) ?? 0) + 1)
      else accepted++
      unwrap(bytes, codec.profile.envelope)
      split(bytes)
      readIccData(Buffer.from(bytes).toString('hex'))
    } catch (error) {
      throw new Error(`seed ${seed}, message ${number}: ${Buffer.from(bytes).toString('hex')}`, {
        cause: error,
      })
    }
    previous = bytes
  }
  return { accepted, faults }
}

function makeBytes(codec: MessageCodec, previous: Uint8Array, random: ReturnType<typeof seeded>): Uint8Array {
  const kind = random.below(4)
  if (kind === 0) return randomBytes(random)
  if (kind === 1) return damaged(random.pick(samples), previous, random)
  const written = codec.encode(randomMessage(codec.profile, random))
  if (!written.ok) throw new Error(`a valid message was refused: ${written.code} in ${written.de}`)
  return kind === 2 ? written.bytes : damaged(written.bytes, previous, random)
}

/** What is read is read again the same; what is refused is refused with a code of the list, inside the message. */
function check({ decode, encode, inspect }: MessageCodec, bytes: Uint8Array): FaultCode | undefined {
  const read = decode(bytes)
  const seen = inspect(bytes)
  if (!read.ok) {
    if (!known.has(read.code)) throw new Error(`${read.code} is not on the list`)
    if (read.offset > bytes.length) throw new Error(`${read.code} lies outside`)
    if (seen.fault?.code !== read.code) throw new Error('decode and inspect differ')
    return read.code
  }
  const written = encode(read.message)
  if (!written.ok) throw new Error(`what was read cannot be written: ${written.code} in ${written.de}`)
  const again = decode(written.bytes)
  if (JSON.stringify(again) !== JSON.stringify(read)) throw new Error('it reads otherwise the second time')
  return undefined
}
