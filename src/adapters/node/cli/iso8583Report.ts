// An inspected ISO 8583 message laid out for people, or as JSON; card data is hidden unless it is asked for.
import type { Fault } from '../../iso8583/fault.ts'
import { maskElement } from '../../iso8583/masking.ts'
import type { Inspection, Part } from '../../iso8583/message.ts'
import { mtiMeaning } from '../../iso8583/mti.ts'
import type { Profile } from '../../iso8583/profile.ts'
import { type NamedPart, partsOf } from './iso8583Parts.ts'
import { columns, section } from './layout.ts'
import { safe } from './safe.ts'

type Report = {
  readonly valid: boolean
  readonly profile: string
  readonly mti: string
  readonly meaning?: string
  readonly tpdu?: string
  readonly bitmaps: readonly string[]
  readonly fields: Readonly<Record<number, ReportedElement>>
  /** Elements that the caller's list does not have. */
  readonly unexpected?: readonly number[]
  readonly error?: Omit<Fault, 'ok'>
}
type ReportedElement = {
  readonly name: string
  readonly value: string
  /** Where it begins in the message and how many bytes it takes, its length included. */
  readonly offset: number
  readonly bytes: number
  readonly parts?: readonly NamedPart[]
}

export type Seen = {
  readonly inspection: Inspection
  readonly tpdu: string
  readonly unexpected: readonly number[]
}

export function reportOf(
  { inspection, tpdu, unexpected }: Seen,
  profile: Profile,
  showCardData: boolean,
): Report {
  const { mti, bitmaps, parts, fault } = inspection
  const meaning = mtiMeaning(mti)
  const element = (part: Part) => elementOf(part, profile, showCardData, fault !== undefined)
  return {
    valid: !fault && unexpected.length === 0,
    profile: profile.name,
    mti,
    ...(meaning !== undefined && { meaning }),
    ...(tpdu !== '' && { tpdu }),
    bitmaps,
    fields: Object.fromEntries(parts.map((part) => [part.de, element(part)])),
    ...(unexpected.length > 0 && { unexpected }),
    ...(fault && { error: { code: fault.code, de: fault.de, offset: fault.offset, detail: fault.detail } }),
  }
}

function elementOf(
  { de, value, offset, end }: Part,
  { elements }: Profile,
  showCardData: boolean,
  broken: boolean,
): ReportedElement {
  const parts = broken && !showCardData ? [] : partsOf(de, value, showCardData)
  return {
    name: elements[de]!.name,
    value: showCardData ? value : maskElement(de, value, broken),
    offset,
    bytes: end - offset,
    ...(parts.length > 0 && { parts }),
  }
}

export const toJson = (report: Report): string => safe(JSON.stringify(report, undefined, 2))

export function describeReport(report: Report): string {
  const { valid, profile, mti, meaning = '', tpdu, bitmaps, fields, unexpected, error } = report
  const head = [
    ['type', `${mti} ${meaning}`.trim()],
    ...(tpdu === undefined ? [] : [['TPDU', tpdu]]),
    ...bitmaps.map((bitmap, index) => [`bitmap ${index + 1}`, bitmap]),
  ]
  const rows = Object.entries(fields).flatMap(([de, { name, value, parts = [] }]) => [
    [de, name, oneLine(value)],
    ...parts.map((part) => ['', `  ${part.name}`, oneLine(part.value)]),
  ])
  const sections = [
    `${valid ? 'valid' : 'invalid'} (${profile})`,
    section('Message', columns(head)),
    section('Elements', columns(rows)),
    section('Not expected', columns((unexpected ?? []).map((de) => [String(de), fields[de]!.name]))),
    section('Error', error ? [describeFault(error)] : []),
  ]
  return safe(sections.filter((text) => text !== '').join('\n\n'))
}

export function describeFault({ code, de, offset, detail }: Omit<Fault, 'ok'>): string {
  const place = de === 0 ? '' : de === 1 ? ' in the bitmaps' : ` in element ${de}`
  return `${code}${place} at byte ${offset}: ${detail}`
}

/** A line break inside a value must not look like a row of ours. */
const oneLine = (text: string): string => text.replaceAll('\n', '\\u000a')
