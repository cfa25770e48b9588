// `thungan iso8583`: reads and writes card messages.
import { text as readAll } from 'node:stream/consumers'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { messageCodec } from '../../iso8583/codec.ts'
import { unwrap, wrap } from '../../iso8583/envelope.ts'
import { unexpectedElements } from '../../iso8583/expectedElements.ts'
import type { Message } from '../../iso8583/message.ts'
import { type Profile, profiles } from '../../iso8583/profile.ts'
import { toHex } from '../../iso8583/source.ts'
import { describeFault, describeReport, reportOf, type Seen, toJson } from './iso8583Report.ts'

type Dialect = { readonly profile: keyof typeof profiles; readonly framed?: true }
type Reading = Dialect & {
  readonly json?: true
  readonly showCardData?: true
  readonly expect?: readonly number[]
}
type Writing = Dialect & { readonly tpdu: string }

const profileOption = () =>
  new Option('--profile <name>', 'how it is written as bytes')
    .choices(Object.keys(profiles))
    .default('ascii87')

/** Adds `iso8583 decode` and `iso8583 encode`. */
export function addIso8583Commands(program: Command): void {
  const iso8583 = program.command('iso8583').description('read and write ISO 8583:1987 card messages')

  iso8583
    .command('decode')
    .description('say what a message holds and what is wrong with it; exit code 1 when it is invalid')
    .argument('<message>', 'hex, or for ascii87 its text; - reads it from standard input')
    .addOption(profileOption())
    .option('--framed', 'it begins with its length, and its TPDU where the profile has one (hex only)')
    .option('--expect <elements>', 'numbers that it may hold, e.g. 2,3,4,11: others are named', elementList)
    .option('--show-card-data', 'show card numbers, tracks, PIN and ICC data: for test cards only')
    .option('--json', 'print JSON')
    .action(decode)

  iso8583
    .command('encode')
    .description('print a message as hex; exit code 1 when it cannot be one')
    .argument('<json>', '{"mti":"0800","fields":{"11":"000001"}}; - reads it from standard input')
    .addOption(profileOption())
    .option('--framed', 'put its length before it, and the TPDU where the profile has one')
    .option('--tpdu <hex>', 'ten hex digits', tpduOf, '6000000000')
    .action(encode)
}

async function decode(argument: string, options: Reading, command: Command): Promise<void> {
  const profile = profiles[options.profile]
  const bytes = bytesOf((await given(argument)).replace(/\r?\n$/, ''), options)
  if (!bytes) command.error('error: the message is not hex, an even number of digits')
  const report = reportOf(inspect(bytes, profile, options), profile, options.showCardData ?? false)
  console.log(options.json ? toJson(report) : describeReport(report))
  if (!report.valid) process.exitCode = 1
}

function inspect(bytes: Uint8Array, profile: Profile, { framed, expect }: Reading): Seen {
  const envelope = framed
    ? unwrap(bytes, profile.envelope)
    : ({ ok: true, tpdu: '', message: bytes } as const)
  if (!envelope.ok)
    return { inspection: { mti: '', bitmaps: [], parts: [], fault: envelope }, tpdu: '', unexpected: [] }
  const inspection = messageCodec(profile).inspect(envelope.message)
  const fields = Object.fromEntries(inspection.parts.map(({ de, value }) => [de, value]))
  return { inspection, tpdu: envelope.tpdu, unexpected: expect ? unexpectedElements(fields, expect) : [] }
}

/**
 * Hex, with any white space in it; or the text itself for ascii87. No message type of ours begins with 30, and as hex every
 * one of ascii87 does, so the two cannot be taken for each other.
 */
function bytesOf(text: string, { profile, framed }: Dialect): Uint8Array | undefined {
  const compact = text.replace(/\s/g, '')
  const isHex = compact.length % 2 === 0 && /^[\dA-Fa-f]*$/.test(compact)
  if (profile === 'ascii87' && !framed && !(isHex && compact.startsWith('30'))) return Buffer.from(text)
  return isHex ? Buffer.from(compact, 'hex') : undefined
}

const Value = z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)])
/** Also what `decode --json --show-card-data` prints. */
const Given = z.object({
  mti: z.string(),
  fields: z.record(z.string().regex(/^[1-9]\d{0,2}$/, 'not the number of an element'), Value),
  emptySecondBitmap: z.literal(true).optional(),
})

async function encode(argument: string, options: Writing, command: Command): Promise<void> {
  const profile = profiles[options.profile]
  const message = messageOf(await given(argument), command)
  const written = messageCodec(profile).encode(message)
  if (!written.ok) {
    console.error(`error: ${describeFault(written)}`)
    process.exitCode = 1
    return
  }
  const tpdu = profile.envelope.tpdu ? options.tpdu : ''
  console.log(toHex(options.framed ? wrap(written.bytes, tpdu, profile.envelope) : written.bytes))
}

function messageOf(text: string, command: Command): Message {
  const parsed = Given.safeParse(parseJson(text))
  if (parsed.success) {
    const { mti, fields, emptySecondBitmap } = parsed.data
    return emptySecondBitmap ? { mti, fields, emptySecondBitmap } : { mti, fields }
  }
  const places = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`)
  return command.error(`error: ${places.join('; ')}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the schema says that it is no message
  }
}

const given = async (argument: string): Promise<string> =>
  argument === '-' ? readAll(process.stdin) : argument

function elementList(text: string): number[] {
  if (!/^\d{1,3}(,\d{1,3})*$/.test(text)) throw new InvalidArgumentError('Not numbers with commas between.')
  return text.split(',').map(Number)
}

function tpduOf(text: string): string {
  if (!/^60[\dA-Fa-f]{8}$/.test(text))
    throw new InvalidArgumentError('Not ten hex digits that begin with 60.')
  return text
}
