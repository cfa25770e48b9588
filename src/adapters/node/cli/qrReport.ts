// A reading of a payment code laid out for people, or as JSON.
import { emvObjects, languageObjects } from '../../../domain/qr/emvObjects.ts'
import type { Issue } from '../../../domain/qr/issue.ts'
import type { QrReading } from '../../../domain/qr/readQr.ts'
import type { Field } from '../../../domain/qr/tlv.ts'
import { columns, type Row, section } from './layout.ts'
import { safe } from './safe.ts'

/** Profile, meaning, every object with its path, and the broken rules; safe to print. */
export function describeReading({ profile, fields, meaning, warnings, errors }: QrReading): string {
  const sections = [
    `${errors.length === 0 ? 'valid' : 'invalid'} (${profile})`,
    section('Meaning', columns(Object.entries(meaning))),
    section('Objects', columns(rows(fields))),
    section('Warnings', columns(warnings.map(issueRow))),
    section('Errors', columns(errors.map(issueRow))),
  ]
  return safe(sections.filter((text) => text !== '').join('\n\n'))
}

/** The reading as JSON, with every character that a terminal might obey written as an escape. */
export const toJson = (reading: QrReading): string => safe(JSON.stringify(reading, undefined, 2))

const issueRow = ({ rule, message }: Issue): Row => [rule, message]

const rows = (fields: readonly Field[], prefix = ''): Row[] =>
  fields.flatMap(({ id, value }): Row[] => {
    const path = prefix + id
    const name = nameOf(path)
    return typeof value === 'string' ? [[path, name, value]] : [[path, name, ''], ...rows(value, `${path}.`)]
  })

const names: ReadonlyMap<string, string> = new Map([
  ...[...emvObjects, ...languageObjects].map(({ path, name }) => [path, name] as const),
  ['38.01', 'Beneficiary'],
  ['38.01.00', 'Bank BIN'],
  ['38.01.01', 'Account'],
  ['38.02', 'Service code'],
  ['62', 'Additional data'],
  ['64', 'Another language'],
])

const nameOf = (path: string): string =>
  names.get(path) ??
  (/^(0[2-9]|[1-4]\d|5[01])$/.test(path) ? 'Merchant account' : path.endsWith('.00') ? 'GUID' : '')
