// A JSON object that stands in a file: its fields, or why it cannot be read.
import type { InputError } from '../problem.ts'
import { parseJson } from '../strictJson.ts'

/** `line`: of NDJSON the line, of a list the number of the element; from 1. */
export type JsonRecord = { readonly line: number } & (
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly fault: InputError }
)

const utf8 = new TextEncoder()

export function jsonRecord(text: string, line: number): JsonRecord {
  const read = parseJson(utf8.encode(text))
  if (!read.ok) return { line, fault: { pointer: read.pointer, detail: read.detail } }
  const { value } = read
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { line, fault: { pointer: '', detail: 'Not a JSON object.' } }
  return { line, fields: value as Record<string, unknown> }
}
