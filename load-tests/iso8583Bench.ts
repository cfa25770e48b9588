// How many messages a second of CPU time decodes and encodes again, by profile and message: what one core does that has
// nothing else to do. Run: node load-tests/iso8583Bench.ts
import { readFileSync } from 'node:fs'
import { messageCodec } from '../src/adapters/iso8583/codec.ts'
import { ascii87, bcd87 } from '../src/adapters/iso8583/profile.ts'

type Vector = { readonly id: string; readonly ascii?: string; readonly hex?: string }

const file = JSON.parse(
  readFileSync(new URL('../test/vectors/iso8583-vectors.json', import.meta.url), 'utf8'),
) as Record<'published' | 'sanitised' | 'constructed', Vector[]>
const vectors = [...file.published, ...file.sanitised, ...file.constructed]

const warmUpMs = 300
const measuredMs = 1_500
const leastPerSecond = 150_000

const codecs = { ascii87: messageCodec(ascii87), bcd87: messageCodec(bcd87) }
const samples = [
  ['ascii87', 'vnd-0200-sale'],
  ['ascii87', 'fuel-0420-nozzle-not-lifted'],
  ['ascii87', 'batch-0530-in-balance'],
  ['bcd87', 'bcd-0200-chip'],
  ['bcd87', 'bcd-0200-magstripe-de61'],
] as const

function bytesOf(id: string): Uint8Array {
  const { ascii, hex } = vectors.find((vector) => vector.id === id)!
  return ascii === undefined ? Buffer.from(hex!, 'hex') : Buffer.from(ascii, 'latin1')
}

/** CPU milliseconds of this process: the machine's other work does not count. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Decodes and encodes until the time is up; a fault, or a message of another length, ends the run. */
function rateOf(profile: keyof typeof codecs, bytes: Uint8Array, ms: number): number {
  const { decode, encode } = codecs[profile]
  const begun = cpuMs()
  let done = 0
  while (cpuMs() < begun + ms)
    for (let index = 0; index < 1_000; index++, done++) {
      const read = decode(bytes)
      if (!read.ok) throw new Error(read.code)
      const written = encode(read.message)
      if (!written.ok || written.bytes.length !== bytes.length) throw new Error('not the same message')
    }
  return Math.round((done * 1_000) / (cpuMs() - begun))
}

for (const [profile, id] of samples) {
  const bytes = bytesOf(id)
  rateOf(profile, bytes, warmUpMs)
  const rate = rateOf(profile, bytes, measuredMs)
  const size = `${bytes.length} bytes`.padStart(9)
  console.log(
    `${profile.padEnd(7)}  ${id.padEnd(27)}  ${size}  ${rate.toLocaleString('en')} decode + encode a second`,
  )
  if (rate < leastPerSecond) process.exitCode = 1
}
